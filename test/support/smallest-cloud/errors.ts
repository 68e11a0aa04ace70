import { type Meanings, meaningBy, meaningOfStatus } from '../../../lib/clouds/meanings.ts';
import type { StsError, StsErrorCode } from '../../../lib/core/errors.ts';

const meanings: Meanings = {
  denied: 'AccessDenied',
  expired: 'RequestExpired',
  failed: 'CloudRefused',
  invalid: 'InvalidParameter',
  signature: 'SignatureMismatch',
  throttled: 'Throttled',
  unavailable: 'CloudUnavailable',
};

/** What a word of Acme's means; if it is not known, it is about what was asked, unless the status says otherwise. */
export const meaningOf = (word: string, status: number): StsErrorCode =>
  meaningBy(meanings, word) ?? meaningOfStatus(status, word);

/** An error in Acme's word for it. */
export const wordOf = ({ code, traits }: StsError): string => {
  const known = Object.keys(meanings).find((word) => meanings[word] === code);
  return known ?? (traits.retryable ? 'unavailable' : traits.fault === 'caller' ? 'invalid' : 'failed');
};
