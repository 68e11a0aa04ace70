import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeJwt, type JWTPayload } from 'jose';
import { builtInAuthority } from '../../lib/app/built-in-authority.ts';
import { rulesOf } from '../../lib/app/rules.ts';
import { keysById } from '../../lib/auth/keys/caller-keys.ts';
import type { Config } from '../../lib/config/load.ts';
import type { Caller } from '../../lib/core/caller.ts';
import { StsError } from '../../lib/core/errors.ts';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import { willItWork } from '../../lib/diagnostics/will-it-work.ts';
import { decide } from '../../lib/grants/authorize.ts';
import { explained } from '../../lib/grants/explained.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import type { Command, Io } from './command.ts';
import { bothConfigs } from './written-config.ts';

const usage = `credmint explain (--token JWT | --token-file FILE | --caller NAME) [--config FILE]
                 [--operation AssumeRole] [--account NAME] [--role ARN] [--session-name NAME]
                 [--duration SECONDS] [--policy FILE] [--ip ADDRESS] [--at INSTANT] [--dialect json]
                 [--action ACTION --resource RESOURCE]

Says offline what would happen to a request, and why. The token's signature is not checked.
With an action, also what the policy that would be minted says of it: exits with 1 unless that allows it.`;

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
  dialect: { type: 'string', default: 'json' },
  action: { type: 'string' },
  resource: { type: 'string', default: '*' },
} as const;

/** The callers that accept a token's issuer and audience, with its claims. */
const callersOf = (config: Config, claims: JWTPayload): Caller[] => {
  const audiences = [claims.aud ?? []].flat();
  return config.jwtRules
    .filter((rule) => rule.issuer === claims.iss && rule.audiences.some((one) => audiences.includes(one)))
    .map((rule) => ({ name: rule.caller, proof: 'jwt', claims }));
};

const requestOf = (values: Readonly<Record<string, string | undefined>>): TokenRequest<MintOperation> => {
  const rest = omitUndefined({
    account: values['account'],
    durationSeconds: values['duration'] === undefined ? undefined : Number(values['duration']),
    policy: values['policy'] === undefined ? undefined : readFileSync(values['policy'], 'utf8'),
  });
  const name = values['session-name'] ?? 'explain';
  return values['operation'] === 'GetFederationToken'
    ? { operation: 'GetFederationToken', name, ...rest }
    : { operation: 'AssumeRole', role: values['role'] ?? '', sessionName: name, ...rest };
};

/** Writes what the session's policies say of an action. The authority judges by the grammar of the dialect. */
const forecast = (
  allowed: MintRequest,
  action: string,
  resource: string,
  config: Config,
  { clouds, stdout }: Io,
): number => {
  const cloud = config.accounts.get(allowed.account)?.cloud;
  const facts = clouds.find(({ id }) => id === (cloud === 'authority' ? allowed.dialect : cloud));
  if (facts === undefined) {
    stdout.write('The grammar of its policies is not known.\n');
    return 1;
  }
  const { policy, grantPolicy } = { policy: undefined, ...allowed };
  const policies = [policy, grantPolicy].filter((text) => text !== undefined);
  const { isAllowed, lines } = willItWork(facts.grammar, policies, action, resource);
  stdout.write(`${lines.join('\n')}\n`);
  return isAllowed ? 0 : 1;
};

export const explain: Command = {
  summary: 'say offline what would happen to a request, and why',
  usage,
  run: async (args, io) => {
    const { values } = parseArgs({ args: [...args], options });
    const { config } = bothConfigs(values.config, io);
    const token = values['token-file'] === undefined ? values.token : readFileSync(values['token-file'], 'utf8').trim();
    const callers: Caller[] =
      token === undefined ? [{ name: values.caller ?? '', proof: 'accessKey' }] : callersOf(config, decodeJwt(token));
    if (callers.length === 0) {
      io.stdout.write('Refused: no caller of the configuration accepts this issuer and audience.\n');
      return 1;
    }
    const now = values.at === undefined ? new Date() : new Date(values.at);
    const built = builtInAuthority(io.clouds)(
      config,
      keysById(config.keys),
      memoryStore(() => now),
    );
    const rules = rulesOf(config, io.clouds, built?.authority);
    for (const caller of callers) {
      try {
        const question = omitUndefined({
          caller,
          request: requestOf(values),
          dialect: values.dialect,
          sourceIp: values.ip,
          now,
        });
        const { allowed, auditOnlyViolations: violations } = decide(rules, question);
        io.stdout.write(
          `Allowed: ${caller.name}, by the grant ${allowed.grant}, at the account ${allowed.account}, ` +
            `${allowed.operation} for ${allowed.durationSeconds} seconds.\n`,
        );
        if ('policy' in allowed && allowed.policy !== undefined) io.stdout.write(`Session policy: ${allowed.policy}\n`);
        for (const clause of violations?.trace ?? [])
          io.stdout.write(`Would be refused without audit mode: ${clause.clause}\n`);
        return values.action === undefined ? 0 : forecast(allowed, values.action, values.resource, config, io);
      } catch (thrown) {
        const error = explained(StsError.from(thrown), 'full');
        io.stdout.write(`Refused: ${caller.name}: ${error.detail.reason ?? error.code}: ${error.message}\n`);
      }
    }
    return 1;
  },
};
