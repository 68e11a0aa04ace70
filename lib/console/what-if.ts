import { byJwt } from '../auth/jwt/by-jwt.ts';
import { keptKeys } from '../auth/jwt/key-source.ts';
import type { Config } from '../config/load.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, TokenRequest } from '../core/requests.ts';
import { Secret } from '../core/secret.ts';
import type { Store } from '../core/store.ts';
import { type Asker, explainRequest } from '../diagnostics/explain.ts';
import type { Holder, WhoQuestion } from '../diagnostics/prove/who.ts';
import type { Rehearse } from '../diagnostics/rehearse.ts';
import type { Rules } from '../grants/authorize.ts';
import { isObject, readJson } from '../wire/json.ts';
import { type HolderView, type WhatIf, type WhatIfView, whatIfOperations } from './view.ts';

/** What "what would happen if" needs. */
export interface WhatIfDeps {
  readonly config: Config;
  readonly rules: Rules;
  readonly rehearse: Rehearse;
  /** Remembers nothing beyond one question. */
  readonly store: Store;
  readonly now: Date;
  /** Everybody who can have something, or why that cannot be said now. */
  readonly who: (question: WhoQuestion) => Promise<readonly Holder[] | string>;
}

/** Keys that take every signature: that it is right is what is assumed. */
const assumed = keptKeys({ verify: async () => undefined });

const claimsLifeSeconds = 300;

/** Says what the server would do with a request, and who else can have what it asks for. */
export const answerWhatIf = async (asked: WhatIf, deps: WhatIfDeps): Promise<WhatIfView> => {
  const { config, rules, rehearse, store, now, who } = deps;
  const asker = askerOf(asked, deps);
  const request = requestOf(asked, config);
  const faults = [asker, request].filter((one) => typeof one === 'string');
  if (typeof asker === 'string' || typeof request === 'string') {
    return { asked, isAllowed: false, lines: faults, others: [] };
  }
  const prove = byJwt(config.jwtRules, { keySources: () => assumed, store });
  const { allowed, lines } = await explainRequest(asker, { request, dialect: 'json', now }, { rules, rehearse, prove });
  const account = allowed?.account ?? asked.account;
  const base = { asked, isAllowed: allowed !== undefined, lines };
  if (account === '') return { ...base, others: [], othersUnknown: 'Name an account to see who else can have it.' };
  const callerName = allowed?.caller.name ?? asked.caller;
  const found = await who({
    account,
    operation: request.operation,
    except: callerName === '' ? [] : [`caller=${callerName}`],
    ...(asked.role === '' || request.operation !== 'AssumeRole' ? {} : { role: asked.role }),
  });
  return typeof found === 'string'
    ? { ...base, others: [], othersUnknown: found }
    : { ...base, others: found.map(holderView) };
};

const askerOf = ({ caller, claims }: WhatIf, { config, now }: WhatIfDeps): Asker | string => {
  if (claims.trim() === '') return caller === '' ? 'Choose a caller, or paste the claims of a token.' : { caller };
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(claims.trim())) {
    return 'That is a token, which nobody else should see: paste its claims alone.';
  }
  const given = readJson(claims);
  if (!isObject(given)) return 'The claims are not a JSON object.';
  const rule = config.jwtRules.find(({ issuer }) => issuer === given['iss']);
  const seconds = Math.floor(now.getTime() / 1000);
  const filled = {
    iat: seconds,
    exp: seconds + claimsLifeSeconds,
    jti: 'what-if',
    ...(rule === undefined ? {} : { aud: rule.audiences[0] }),
    ...given,
  };
  return { token: unsigned(rule?.algorithms[0] ?? 'RS256', filled) };
};

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/** A token that says so much; its signature is never looked at. */
const unsigned = (alg: string, claims: object): Secret =>
  new Secret(`${encoded({ alg })}.${encoded(claims)}.${encoded('assumed')}`);

const requestOf = (
  { account, operation, role }: WhatIf,
  { accounts }: Config,
): TokenRequest<MintOperation> | string => {
  const found = whatIfOperations.find((one) => one === operation);
  if (found === undefined) return 'There is no such operation here.';
  if (account !== '' && !accounts.has(account)) return 'There is no such account.';
  const at = account === '' ? {} : { account };
  if (found === 'GetSessionToken') return { operation: found, ...at };
  if (found === 'GetFederationToken') return { operation: found, name: 'what-if', ...at };
  return role === '' ? 'Name the role.' : { operation: found, role, sessionName: 'what-if', ...at };
};

const holderView = ({ caller, grant, operation, finding }: Holder): HolderView => {
  if (finding.kind === 'unknown') return { caller, grant, operation, conditions: [], unknown: finding.why };
  const { proof, kind, claims, unasked, role, sourceIp, isAnyTime, at, policy } = finding.witness;
  const told = Object.entries(claims ?? {}).filter(([name]) => !unasked.includes(name));
  return omitUndefined({
    caller,
    grant,
    operation,
    proof: kind === 'a request' ? proof : `${proof}: ${kind}`,
    claims: told.length === 0 ? undefined : JSON.stringify(Object.fromEntries(told), undefined, 2),
    role,
    conditions: [
      ...(sourceIp === undefined ? [] : [`from ${sourceIp}`]),
      ...(isAnyTime === true ? [] : [`at ${at}`]),
      ...(policy === undefined ? [] : ["with a policy of the caller's own"]),
    ],
  });
};
