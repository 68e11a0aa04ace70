import type { HttpRequest, HttpResponse } from '../../core/http.ts';
import type { Transport } from '../../core/transport.ts';
import { sign } from '../../signers/sigv4.ts';
import type { RemotePlace } from '../settings.ts';

/** What a remote sink needs besides its settings. */
export interface SinkDeps {
  readonly transport: Transport;
  readonly now: () => Date;
}

/** How long one attempt may take: a caller is waiting for it. */
const attemptMs = 1500;

/** Signs a request for a service and sends it once. Returns undefined if no answer came. */
export const sendSigned = async (
  { transport, now }: SinkDeps,
  { key, region }: RemotePlace,
  service: string,
  request: HttpRequest,
): Promise<HttpResponse | undefined> => {
  try {
    const signal = AbortSignal.timeout(attemptMs);
    return await transport(sign(request, await key(signal), { now: now(), region, service }), signal);
  } catch {
    return undefined;
  }
};
