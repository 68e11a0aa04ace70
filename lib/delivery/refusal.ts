import { StsError } from '../core/errors.ts';

/** The error of a target that did not accept a payload: with its status and its code, never its prose. */
export const refusal = (status: number, code?: string): StsError => {
  const upstream = code === undefined || code === '' ? { status } : { status, code };
  return status >= 500 || status === 429
    ? new StsError('CloudUnavailable', 'The target cannot accept the credentials now.', { upstream })
    : new StsError('CloudRefused', 'The target does not accept the credentials.', { upstream });
};
