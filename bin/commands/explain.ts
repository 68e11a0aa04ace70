import { parseArgs } from 'node:util';
import { builtInAuthority } from '../../lib/app/built-in-authority.ts';
import { rulesOf } from '../../lib/app/rules.ts';
import { byJwt } from '../../lib/auth/jwt/by-jwt.ts';
import { keptKeys } from '../../lib/auth/jwt/key-source.ts';
import { keysById } from '../../lib/auth/keys/caller-keys.ts';
import { upstreamsWith } from '../../lib/clouds/dialects.ts';
import type { Config } from '../../lib/config/load.ts';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { askedDialects, usualDialect, whyNotAsked } from '../../lib/diagnostics/askable.ts';
import { type Asked, addressOf, explainRequest, instantOf, oneOf, UsageError } from '../../lib/diagnostics/explain.ts';
import { githubNotes } from '../../lib/diagnostics/github-subjects.ts';
import { rehearsal } from '../../lib/diagnostics/rehearse.ts';
import { type Forecast, willItWork } from '../../lib/diagnostics/will-it-work.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { readArgument } from './argument-file.ts';
import type { Command, Io } from './command.ts';
import { bothConfigs } from './written-config.ts';

const usage = `credmint explain (--token JWT | --token-file FILE | --caller NAME) [--config FILE]
                 [--operation AssumeRole] [--account NAME] [--role ARN] [--session-name NAME]
                 [--duration SECONDS] [--policy FILE] [--ip ADDRESS] [--at INSTANT] [--dialect NAME]
                 [--audience AUDIENCE]… [--action ACTION --resource RESOURCE] [--json]

Says offline what would happen to a request, and why. The token's signature is not checked.
Without a dialect, in the one in which the operation is usually asked for. With an action, also what the policy that would be minted says of it: exits with 1 unless that allows it.`;

const options = {
  config: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  caller: { type: 'string' },
  operation: { type: 'string', default: 'AssumeRole' },
  account: { type: 'string' },
  role: { type: 'string', default: '' },
  'session-name': { type: 'string', default: 'explain' },
  duration: { type: 'string' },
  policy: { type: 'string' },
  ip: { type: 'string' },
  at: { type: 'string' },
  dialect: { type: 'string' },
  audience: { type: 'string', multiple: true },
  action: { type: 'string' },
  resource: { type: 'string', default: '*' },
  json: { type: 'boolean', default: false },
} as const;

const operations = [
  'AssumeRole',
  'AssumeRoleWithWebIdentity',
  'GetFederationToken',
  'GetSessionToken',
  'IssueToken',
] as const;

const requestOf = (
  values: Readonly<Record<string, string | undefined>>,
  audiences: readonly string[] | undefined,
  accounts: readonly string[],
  token: string | undefined,
): TokenRequest<MintOperation | 'IssueToken'> => {
  const { account, duration, policy, role = '', 'session-name': name = 'explain' } = values;
  if (duration !== undefined && !/^[1-9]\d{0,6}$/.test(duration)) throw new UsageError('--duration must be seconds.');
  const common = omitUndefined({
    account: account === undefined ? undefined : oneOf('account', account, accounts),
    durationSeconds: duration === undefined ? undefined : Number(duration),
  });
  const narrowing = omitUndefined({ policy: policy === undefined ? undefined : readArgument(policy).toString() });
  const operation = oneOf('operation', values['operation'] ?? '', operations);
  if (operation === 'IssueToken') {
    if (audiences === undefined) throw new UsageError('--audience is missing.');
    return { operation, audiences, ...common };
  }
  if (operation === 'GetSessionToken') return { operation, ...common };
  if (operation === 'AssumeRoleWithWebIdentity') {
    const webIdentityToken = new Secret(token ?? '');
    return { operation, role, sessionName: name, webIdentityToken, ...common, ...narrowing };
  }
  return operation === 'GetFederationToken'
    ? { operation, name, ...common, ...narrowing }
    : { operation, role, sessionName: name, ...common, ...narrowing };
};

/** Keys that take every signature: that it is right is what is assumed. */
const assumed = keptKeys({ verify: async () => undefined });

const askerOf = (config: Config, token: string | undefined, caller: string | undefined, known: readonly string[]) => {
  if (token !== undefined && caller !== undefined) throw new UsageError('Give a token or a caller, not both.');
  if (token !== undefined) return { token: new Secret(token) };
  const granted = config.grants.flatMap(({ callers }) => [...callers]);
  return { caller: oneOf('caller', caller ?? '', [...new Set([...known, ...granted])]) };
};

/** Of callers and grants, what is to be known of the subjects of GitHub that they name. */
const notesOf = ({ callers, grants }: WrittenConfig): readonly string[] =>
  [...Object.entries(callers).map(([name, { jwt }]) => ({ name, claims: jwt?.claims ?? {} })), ...grants].flatMap(
    ({ name, claims }) => githubNotes(claims).map((note) => `${name}: ${note}`),
  );

/** What the session's policies say of an action. The authority judges by the grammar of the dialect. */
const forecast = (allowed: MintRequest, action: string, resource: string, config: Config, { clouds }: Io): Forecast => {
  const cloud = config.accounts.get(allowed.account)?.cloud;
  const facts = upstreamsWith(clouds).find(({ id }) => id === (cloud === 'authority' ? allowed.dialect : cloud));
  if (facts === undefined) return { isAllowed: false, lines: ['The grammar of its policies is not known.'] };
  const { policy, grantPolicy } = { policy: undefined, ...allowed };
  const policies = [policy, grantPolicy].filter((text) => text !== undefined);
  return willItWork(facts.grammar, policies, action, resource);
};

/** What would be minted, for programs. */
const mintedOf = (allowed: MintRequest) => {
  const { caller, account, grant, operation, durationSeconds } = allowed;
  const { policy, grantPolicy } = { policy: undefined, ...allowed };
  return { caller: caller.name, account, grant, operation, durationSeconds, ...omitUndefined({ policy, grantPolicy }) };
};

export const explain: Command = {
  summary: 'say offline what would happen to a request, and why',
  usage,
  run: async (args, io) => {
    const { values: given } = parseArgs({ args: [...args], options });
    const { audience, json, ...values } = given;
    const { config, written } = bothConfigs(values.config, io);
    const now = values.at === undefined ? new Date() : instantOf(values.at);
    const store = memoryStore(() => now);
    const token =
      values['token-file'] === undefined ? values.token : readArgument(values['token-file']).toString().trim();
    const asker = askerOf(config, token, values.caller, Object.keys(written.callers));
    const sourceIp = values.ip === undefined ? undefined : addressOf(values.ip);
    const request = requestOf(values, audience, [...config.accounts.keys()], token);
    const dialect = oneOf('dialect', values.dialect ?? usualDialect(request.operation), askedDialects(io.clouds));
    const { operation } = request;
    const unaskable = whyNotAsked({ dialect, operation, byToken: token !== undefined }, io.clouds);
    if (unaskable !== undefined) throw new UsageError(unaskable);
    const asked = omitUndefined<Asked>({ request, dialect, sourceIp, now });
    const built = builtInAuthority(io.clouds)(config, keysById(config.keys), store);
    const upstreams = upstreamsWith(io.clouds);
    const { isAllowed, allowed, lines } = await explainRequest(asker, asked, {
      rules: rulesOf(config, upstreams, built?.authority),
      rehearse: rehearsal({ clouds: new Map(upstreams.map((one) => [one.id, one])), issue: built?.authority.issue }),
      prove: byJwt(config.jwtRules, { keySources: () => assumed, store }),
    });
    const notes = isAllowed ? [] : notesOf(written);
    const action =
      values.action === undefined || allowed === undefined
        ? undefined
        : forecast(allowed, values.action, values.resource, config, io);
    if (json) {
      const minted = allowed === undefined ? {} : { minted: mintedOf(allowed) };
      const report = { isAllowed, ...minted, lines, notes, ...omitUndefined({ action }) };
      io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    } else {
      io.stdout.write(`${[...lines, ...notes, ...(action?.lines ?? [])].join('\n')}\n`);
    }
    return isAllowed && action?.isAllowed !== false ? 0 : 1;
  },
};
