import type { StsError, StsErrorCode } from '../../../lib/core/errors.ts';

const meanings: Readonly<Record<string, StsErrorCode>> = {
  denied: 'AccessDenied',
  expired: 'RequestExpired',
  failed: 'CloudRefused',
  invalid: 'InvalidParameter',
  signature: 'SignatureMismatch',
  throttled: 'Throttled',
  unavailable: 'CloudUnavailable',
};

/** What a word of Acme's means. */
export const meaningOf = (word: string): StsErrorCode =>
  Object.hasOwn(meanings, word) ? (meanings[word] as StsErrorCode) : 'CloudRefused';

/** An error in Acme's word for it. */
export const wordOf = ({ code, traits }: StsError): string => {
  const known = Object.keys(meanings).find((word) => meanings[word] === code);
  return known ?? (traits.retryable ? 'unavailable' : traits.fault === 'caller' ? 'invalid' : 'failed');
};
