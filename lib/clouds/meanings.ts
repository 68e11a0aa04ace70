import type { StsErrorCode } from '../core/errors.ts';

/** What the codes of a cloud mean, by code. Of codes with dots, the part before a dot is the kind. */
export type Meanings = Readonly<Record<string, StsErrorCode>>;

/** Returns what a code means by a table: if it is not listed, the longest kind of it that is. Else returns undefined. */
export const meaningBy = (meanings: Meanings, code: string | undefined): StsErrorCode | undefined => {
  for (let kind = code ?? ''; kind !== ''; kind = kind.slice(0, Math.max(0, kind.lastIndexOf('.')))) {
    const known = Object.hasOwn(meanings, kind) ? meanings[kind] : undefined;
    if (known !== undefined) return known;
  }
  return undefined;
};

/**
 * What a refusal means whose code is not known. A 4xx is about what was asked, and would be refused again: a 5xx of ours
 * would have SDKs repeat it. Only if it has neither a code nor a status that says so is it likely not the service's own.
 */
export const meaningOfStatus = (status: number, code: string | undefined): StsErrorCode => {
  if (status === 429) return 'Throttled';
  if (status >= 500) return 'CloudUnavailable';
  if (status === 401) return 'MalformedAuthorization';
  if (status === 403) return 'AccessDenied';
  return code !== undefined || status === 400 ? 'InvalidParameter' : 'CloudRefused';
};

/** The same of an API that answers 200 to everything: any other status without a code is not its own. */
export const meaningBehind200 = (status: number, code: string | number | undefined): StsErrorCode =>
  code === undefined && status < 500 && status !== 429 ? 'CloudRefused' : meaningOfStatus(status, String(code));
