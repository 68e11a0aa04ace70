import { causeInWords } from '../core/cause.ts';
import { StsError } from '../core/errors.ts';
import type { Transport } from '../core/transport.ts';
import type { Log } from '../telemetry/log.ts';

/** Logs each request that gets no answer, with the host and the cause: a retry may hide it from the caller. */
export const loggedTransport =
  (transport: Transport, log: Log): Transport =>
  async (request, signal) => {
    const began = performance.now();
    const milliseconds = (): number => Math.round(performance.now() - began);
    try {
      const response = await transport(request, signal);
      log('debug', 'upstream call', { host: request.host, status: response.status, milliseconds: milliseconds() });
      return response;
    } catch (thrown) {
      const { code, detail } = StsError.from(thrown);
      const cause = causeInWords(detail.cause ?? 'Unknown');
      log('warn', 'upstream call failed', { host: request.host, code, cause, milliseconds: milliseconds() });
      throw thrown;
    }
  };
