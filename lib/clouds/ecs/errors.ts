import type { StsError, StsErrorCode } from '../../core/errors.ts';
import { type Meanings, meaningBy, meaningOfStatus } from '../meanings.ts';
import { type QueryError, queryErrors, queryMeanings } from '../query-errors.ts';

/**
 * Our codes in the words of ECS's STS. It took them over from AWS; ValidationError with status 400 is what is seen of
 * it in public (github.com/murkyl/vault-plugin-secrets-objectscale), the others are inferred.
 */
export const ecsErrors = /* @__PURE__ */ queryErrors({
  Throttled: { code: 'ThrottlingException', status: 400 },
});

const meanings: Meanings = {
  ...queryMeanings,
  ServiceFailure: 'CloudUnavailable',
  // Of the management side, which checks the token before the STS side is asked.
  1004: 'InvalidRequest',
  3000: 'AccessDenied',
  4000: 'InvalidToken',
  6503: 'CloudUnavailable',
};

/** The meaning of a refusal: by its code, and if the code says nothing, by the status. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode => {
  const known = meaningBy(meanings, code);
  if (known !== undefined) return known;
  // A request without a valid token is sent to the login page.
  if (status === 401 || status === 302) return 'InvalidToken';
  return meaningOfStatus(status, code);
};

/**
 * An error in the words of ECS's management side: 4000 and 3000 as EMCECS/python-ecsclient knows them; 1004 for a wrong
 * request and 6503 for a service that is not available are inferred.
 */
export const managementError = ({ code, traits }: StsError): QueryError => {
  if (traits.status === 401) return { code: '4000', status: 401 };
  if (denials.has(code)) return { code: '3000', status: 403 };
  if (traits.fault === 'caller' && !traits.retryable) {
    return { code: '1004', status: code === 'MethodNotAllowed' ? 405 : 400 };
  }
  return { code: '6503', status: code === 'Internal' ? 500 : 503 };
};

/** Nobody is told here whether there is what they may not have. */
const denials: ReadonlySet<StsErrorCode> = new Set(['AccessDenied', 'LeaseNotFound', 'RoleNotFound']);
