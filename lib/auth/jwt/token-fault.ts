import type { ProofFault } from '../../core/proof-fault.ts';
import type { UnverifiedJwt } from './read.ts';

/**
 * Kinds of JWT by their `typ` (RFC 8725, 3.11) that prove who asks. The others are named `+jwt` too, such as a logout
 * token, a security event or a proof of DPoP, and an issuer may sign them with the same key for the same audience.
 */
const isOfAnotherKind = ({ header: { typ = null } }: UnverifiedJwt): boolean =>
  typ !== null && (typeof typ !== 'string' || (/\+(sd-)?jwt/i.test(typ) && !/^(application\/)?at\+jwt$/i.test(typ)));

/** Why a token is not acceptable, whoever signed it; undefined if it may be. */
export const tokenFaultOf = (jwt: UnverifiedJwt): ProofFault | undefined => {
  // An extension that must be understood, and is not (RFC 7515, 4.1.11).
  if (jwt.header['crit'] !== undefined) return 'TokenCritical';
  if (isOfAnotherKind(jwt)) return 'TokenOfAnotherKind';
  // Whoever stole it has not the key that it is bound to (RFC 7800, 3), which no way of asking here proves.
  return jwt.payload['cnf'] === undefined ? undefined : 'TokenBound';
};
