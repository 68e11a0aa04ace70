import { StsError } from '../core/errors.ts';

/** How a place that did not take a parcel is told of: by its status and its own code, never by its prose. */
export const refusal = (status: number, code?: string): StsError => {
  const upstream = code === undefined || code === '' ? { status } : { status, code };
  return status >= 500 || status === 429
    ? new StsError('CloudUnavailable', 'The place cannot take the credentials now.', { upstream })
    : new StsError('CloudRefused', 'The place does not take the credentials.', { upstream });
};
