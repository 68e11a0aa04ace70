import type { DenialTrace } from '../../core/denial.ts';
import { StsError } from '../../core/errors.ts';
import type { ProofFault } from '../../core/proof-fault.ts';
import { claimOf, classOf, meetsClaim } from '../../grants/claims.ts';
import { listed } from '../../grants/listed.ts';
import type { JwtRule } from './rule.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Makes the error that a refusal is; of many rules that refuse a token one is asked. */
type Refusal = () => StsError;

const refusal =
  (claim: string, proofFault: ProofFault): Refusal =>
  () =>
    new StsError('InvalidIdentityToken', `The claim ${claim} of the token is not acceptable.`, { proofFault });

const expiry =
  (proofFault: ProofFault): Refusal =>
  () =>
    new StsError('IdentityTokenExpired', undefined, { proofFault });

/** In seconds, the year 5138. Anything later is not a plausible instant. */
const maxInstant = 1e11;

const isInstant = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= maxInstant;

/** For whom a token is (RFC 7519, 4.1.3): one text or several. */
export const audiencesOf = ({ aud }: Claims): readonly string[] =>
  (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string');

/** Why a token is for none of a rule's audiences, which are compared exactly; undefined if it is for one of them. */
export const checkAudience = (claims: Claims, { audiences }: JwtRule): Refusal | undefined => {
  if (audiencesOf(claims).some((one) => audiences.includes(one))) return undefined;
  return refusal('aud', claims['aud'] === undefined ? 'ClaimMissing' : 'AudienceMismatch');
};

/** Why a token is not valid now, by the instants that it states (RFC 7519, 4.1) and the skew; undefined if it is. */
export const checkTimes = (claims: Claims, rule: JwtRule, now: Date): Refusal | undefined => {
  const { exp, iat, sub } = claims;
  const at = now.getTime() / 1000;
  if (typeof sub !== 'string' || sub === '') return refusal('sub', 'ClaimMissing');
  if (!isInstant(exp)) return refusal('exp', 'ClaimMissing');
  if (at >= exp + rule.skewSeconds) return expiry('TokenExpired');
  for (const name of ['nbf', 'iat']) {
    const from = claims[name];
    if (from === undefined) continue;
    if (!isInstant(from)) return refusal(name, 'ClaimMissing');
    if (at < from - rule.skewSeconds) return refusal(name, 'TokenNotYetValid');
  }
  if (rule.maxTokenAgeSeconds === undefined) return undefined;
  if (!isInstant(iat)) return refusal('iat', 'ClaimMissing');
  return at > iat + rule.maxTokenAgeSeconds + rule.skewSeconds ? expiry('TokenTooOld') : undefined;
};

/** Whether a token has every claim that the rule asks for. */
export const meetsAll = (claims: Claims, rule: JwtRule): boolean => rule.claims.every((one) => meetsClaim(claims, one));

/** Those of the rule's own claims that a token does not meet. */
export const unmetClaims = (claims: Claims, rule: JwtRule): DenialTrace =>
  rule.claims
    .filter((one) => !meetsClaim(claims, one))
    .map(({ name, patterns }) => ({
      caller: rule.caller,
      clause: 'jwt.claims',
      reason: 'ClaimMismatch',
      expected: `${name}: ${listed(patterns, 'or')}`,
      saw: classOf(claimOf(claims, name)),
    }));
