import { rulesOf } from '../../lib/app/rules.ts';
import { checkAudience, checkTimes, unmetClaims } from '../../lib/auth/jwt/claims.ts';
import type { JwtRule } from '../../lib/auth/jwt/rule.ts';
import { clouds, upstreamsWith } from '../../lib/clouds/dialects.ts';
import { type Config, readConfig } from '../../lib/config/load.ts';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import { presets } from '../../lib/config/sections/callers/jwt-presets.ts';
import { validate } from '../../lib/config/validate.ts';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';
import type { MintOperation, TokenRequest } from '../../lib/core/requests.ts';
import { admissionsOf } from '../../lib/diagnostics/prove/admissions.ts';
import type { ProveDeps } from '../../lib/diagnostics/prove/configured.ts';
import type { Witness } from '../../lib/diagnostics/prove/find.ts';
import { rangesOf } from '../../lib/diagnostics/prove/ranges.ts';
import { findAllowed, findDeps } from '../../lib/diagnostics/prove/search.ts';
import { type Decision, decide, type Rules } from '../../lib/grants/authorize.ts';
import type { Question } from '../../lib/grants/evaluate.ts';

const upstreams = upstreamsWith(clouds);

export const proveDeps: ProveDeps = {
  presets,
  range: rangesOf(upstreams, clouds),
  checkPolicy: (cloud, policy) => upstreams.find(({ id }) => id === cloud)?.checkPolicy(policy),
  now: new Date('2026-11-26T12:00:00Z'),
};

/** The configuration as it is written, its defaults filled in. */
export const writtenConfig = (json: object): WrittenConfig => {
  const validation = validate(json, clouds);
  if ('faults' in validation) throw new Error(validation.faults.join('\n'));
  return validation.written;
};

/** What is shown to be allowed by each grant of a configuration to each of its proofs. */
export const shownBy = (json: object): readonly Witness[] => {
  const admissions = admissionsOf(writtenConfig(json), proveDeps);
  return admissions.all.flatMap((one) => {
    const found = findAllowed(one, [], findDeps(proveDeps.now, admissions));
    return found.kind === 'found' ? [found.witness] : [];
  });
};

/** A key set, so that no issuer has to be asked. */
const jwks = JSON.stringify({
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  ],
});

/** The same configuration as the service reads it. */
export const readWritten = (json: object): Config =>
  readConfig(json, { folder: '.', environment: { SECRET: 'a secret of the test', JWKS: jwks } }, clouds);

/** The callers that a token proves by the real checks of its claims: none, if it fits more than one. */
const callersOfToken = (config: Config, claims: Readonly<Record<string, unknown>>, now: Date): readonly string[] => {
  const taken = config.jwtRules.flatMap((rule): { rule: JwtRule; isWhole: boolean }[] => {
    if (rule.issuer !== claims['iss'] || checkAudience(claims, rule) !== undefined) return [];
    if (checkTimes(claims, rule, now) !== undefined) return [];
    const isWhole = unmetClaims(claims, rule).length === 0;
    return isWhole || rule.mode === 'audit' ? [{ rule, isWhole }] : [];
  });
  const whole = taken.filter(({ isWhole }) => isWhole);
  return [...new Set((whole.length > 0 ? whole : taken).map(({ rule }) => rule.caller))];
};

const rules = new WeakMap<Config, Rules>();

const rulesFor = (config: Config): Rules => {
  const known = rules.get(config) ?? rulesOf(config, clouds, undefined);
  rules.set(config, known);
  return known;
};

/** What is asked, and with which claims. */
export type Asked = Omit<Witness, 'proof' | 'kind' | 'unasked'> & { readonly caller?: string };

/** The real decision about a request; undefined if it is refused. */
export const decideAsked = (config: Config, asked: Asked): (Decision & { readonly caller: string }) | undefined => {
  const now = new Date(asked.at);
  const times = { exp: now.getTime() / 1000 + 300, iat: now.getTime() / 1000 };
  const claims: Readonly<Record<string, unknown>> | undefined = asked.claims && { ...asked.claims, ...times };
  const callers = claims?.['iss'] === undefined ? [asked.caller ?? ''] : callersOfToken(config, claims, now);
  const [name] = callers;
  if (name === undefined || callers.length > 1) return undefined;
  const request = omitUndefined<Record<string, unknown>>({
    operation: asked.operation,
    account: asked.account,
    role: asked.operation === 'AssumeRole' ? asked.role : undefined,
    durationSeconds: asked.durationSeconds,
    policy: asked.policy && '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    ...(asked.operation === 'GetFederationToken' ? { name: 'witness' } : { sessionName: 'witness' }),
  }) as unknown as TokenRequest<MintOperation>;
  try {
    const caller = { name, proof: 'jwt' as const, ...(claims === undefined ? {} : { claims }) };
    const question = omitUndefined<Question<TokenRequest<MintOperation>>>({
      caller,
      request,
      dialect: asked.dialect,
      sourceIp: asked.sourceIp,
      now,
    });
    return { ...decide(rulesFor(config), question), caller: name };
  } catch {
    return undefined;
  }
};
