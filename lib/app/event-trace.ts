import { omitUndefined } from '../core/omit-undefined.ts';
import type { EventDeps } from '../events/process.ts';
import { inTrace, passOnTraces } from '../telemetry/trace.ts';

/** Answers an event within the trace that it names, so that its record and the calls to clouds can be found by it. */
export const inEventTrace: EventDeps['inTrace'] = ({ traceparent }, act) =>
  inTrace(passOnTraces.request(omitUndefined({ traceparent })), act);
