import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditRecord, Stage } from '../core/audit.ts';
import type { HttpHeaders, HttpRequest, HttpResponse } from '../core/http.ts';
import { readTraceparent, writeTraceparent } from '../wire/traceparent.ts';

/** The trace of what is being done. Nothing of it can hold a secret. */
export interface ActiveTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Begins a step and ends the one before it. */
  enter(step: Stage | 'audit'): void;
  /** Says what came of the request. */
  note(record: AuditRecord): void;
  /** Sends a request that says of which trace it is. */
  call(request: HttpRequest, send: (request: HttpRequest) => Promise<HttpResponse>): Promise<HttpResponse>;
  /** Ends it, with the status that was answered; without one, it failed. */
  end(status?: number): void;
}

/** How traces begin. */
export interface Tracing {
  /** The trace of a request with these headers; undefined if there is nothing to trace. */
  request(headers: HttpHeaders): ActiveTrace | undefined;
  /** The trace of something that nobody asked for, of which only the calls are looked at. */
  task(name: string): ActiveTrace | undefined;
  /** Sends what is left, before the signal is aborted. */
  close(signal: AbortSignal): Promise<void>;
}

const current = new AsyncLocalStorage<ActiveTrace>();

/** The trace in which the caller of this function is. */
export const activeTrace = (): ActiveTrace | undefined => current.getStore();

/** Does something within a trace, if there is one, and ends that. `statusOf` says what was answered. */
export const inTrace = async <Result>(
  trace: ActiveTrace | undefined,
  act: () => Promise<Result>,
  statusOf: (result: Result) => number = () => 200,
): Promise<Result> => {
  if (trace === undefined) return act();
  let status: number | undefined;
  try {
    const result = await current.run(trace, act);
    status = statusOf(result);
    return result;
  } finally {
    trace.end(status);
  }
};

/**
 * Records nothing itself: it passes on what a caller says of its trace, so that a trace goes through, and records and lines
 * of the log can be found by it. It is all that a function carries.
 */
export const passOnTraces: Tracing = {
  request: (headers) => {
    const parent = readTraceparent(headers['traceparent']);
    if (parent === undefined) return undefined;
    const traceparent = writeTraceparent(parent);
    return {
      traceId: parent.traceId,
      enter: () => undefined,
      note: () => undefined,
      call: (request, send) => send({ ...request, headers: { ...request.headers, traceparent } }),
      end: () => undefined,
    };
  },
  task: () => undefined,
  close: async () => undefined,
};
