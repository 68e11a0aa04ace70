import type { StsErrorCode } from './errors.ts';

/** Refusals that are about the key that signed a request, the signature or its token, whatever was asked. */
export const aboutTheKey: ReadonlySet<StsErrorCode> = new Set([
  'Unauthenticated',
  'MalformedAuthorization',
  'UnknownKey',
  'SignatureMismatch',
  'RequestExpired',
  'RequestReplayed',
  'InvalidToken',
  'TokenExpired',
]);
