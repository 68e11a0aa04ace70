import type { Transport } from '../core/transport.ts';
import { activeTrace } from '../telemetry/trace.ts';

/** Sends each request as a part of the trace in which it is made, if it is made in one. */
export const tracedTransport =
  (transport: Transport): Transport =>
  (request, signal) =>
    activeTrace()?.call(request, (traced) => transport(traced, signal)) ?? transport(request, signal);
