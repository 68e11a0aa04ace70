import type { Caller, Proof } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import { grouped } from '../../core/grouped.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { AuthorizerClaims, Gateway, RequestContext } from '../../core/platform-identity.ts';
import { sessionClaim } from '../../core/session-act.ts';
import { meetsClaim } from '../../grants/claims.ts';
import { byClaims } from '../../grants/claims-index.ts';
import { readJwt } from '../jwt/read.ts';
import { tokenFaultOf } from '../jwt/token-fault.ts';
import { subjectOf } from '../subject.ts';
import { gatewayKey, isInAccount } from './gateway-key.ts';
import type { AuthorizerRule, PlatformRules } from './rules.ts';

/**
 * The callers that fit what the authorizer of a trusted gateway says; none if no trusted gateway says anything. A token
 * of our own issuer stays one, whoever has verified it.
 */
export const byGateway = ({ authorizers }: PlatformRules, ownIssuer: string | undefined) => {
  const bySource = grouped(authorizers, ({ kind, gateway }) => sourceKey(kind, gateway));
  const rulesOf = new Map([...bySource].map(([key, rules]) => [key, { rules, fitting: byClaims(rules) }]));
  return ({ platform, ignore }: RequestContext): Caller[] => {
    const { gateway, authorizer } = platform ?? {};
    if (authorizer === undefined) return [];
    const { kind, claims } = authorizer;
    const ofSource = gateway && rulesOf.get(sourceKey(kind, gateway));
    const isTrusted = (rule: AuthorizerRule): boolean => isInAccount(rule.gateway, gateway ?? {});
    if (ofSource?.rules.some(isTrusted) !== true) {
      ignore(`a gateway's ${kind} authorizer`);
      return [];
    }
    const found = ofSource
      .fitting(claims)
      .filter((rule) => isTrusted(rule) && rule.claims.every((one) => meetsClaim(claims, one)));
    if (found.length === 0) {
      throw new StsError('Unauthenticated', 'What the authorizer of the gateway says proves no caller.', {
        proofFault: 'AuthorizerUnknown',
      });
    }
    // A gateway verifies that the issuer signed it, and not that its sender has the key.
    if (kind === 'jwt' && claims['cnf'] !== undefined) {
      throw new StsError('Unauthenticated', undefined, { proofFault: 'TokenBound' });
    }
    // What a function of the operator's calls a subject, and a key of the gateway's, may be shared by many.
    const subject =
      kind === 'jwt' ? subjectOf(claims) : kind === 'iam' ? subjectOf({ ...claims, iss: 'iam' }) : undefined;
    const byOwnIssuer = ownIssuer !== undefined && claims['iss'] === ownIssuer ? (true as const) : undefined;
    if (byOwnIssuer && claims[sessionClaim] !== undefined) {
      throw new StsError('Unauthenticated', undefined, { proofFault: 'TokenOfSession' });
    }
    return found.map(({ caller }) => ({
      name: caller,
      proof: 'gateway',
      claims,
      ...omitUndefined({ subject, byOwnIssuer }),
    }));
  };
};

const sourceKey = (kind: AuthorizerClaims['kind'], gateway: Gateway): string => `${kind} ${gatewayKey(gateway)}`;

/**
 * Whether what a gateway verified is the very proof that the request offers, since its authorizers leave the header in
 * place. Compares the key of the signature, or the issuer, subject and expiration of the token.
 */
export const isSameProof = (proof: Proof, { kind, claims }: AuthorizerClaims): boolean => {
  if (proof.kind === 'signature') {
    return kind === 'iam' && proof.scheme === 'sigv4' && proof.accessKeyId === claims['accessKey'];
  }
  if (proof.kind !== 'jwt' || kind !== 'jwt') return false;
  const payload: AuthorizerClaims['claims'] = readJwt(proof.token.reveal())?.payload ?? {};
  return ['iss', 'sub', 'exp'].every((name) => {
    const claimed = scalarText(claims[name]);
    return claimed !== undefined && claimed === scalarText(payload[name]);
  });
};

/** Refuses a token that proves nobody, whoever has verified it: gateways look at its claims alone. */
export const refuseOtherTokens = (proof: Proof): void => {
  const jwt = proof.kind === 'jwt' ? readJwt(proof.token.reveal()) : undefined;
  const proofFault = jwt && tokenFaultOf(jwt);
  if (proofFault !== undefined) throw new StsError('InvalidIdentityToken', undefined, { proofFault });
};

/** A claim as text, as the gateway passes numbers on; undefined if it is of another type, which no issuer gives it. */
const scalarText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : undefined;
