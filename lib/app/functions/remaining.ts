import { isObject } from '../../wire/json.ts';

/** What is kept of a function's time for the audit record and the reply, in milliseconds. */
const reserveMs = 500;

/** How long a function may take, in milliseconds: what its platform leaves it, or `maxMs` if it does not say. */
export const remainingMs = (context: unknown, maxMs: number): number => {
  const { getRemainingTimeInMillis, time_limit_in_ms: limit } = isObject(context) ? context : {};
  if (typeof getRemainingTimeInMillis === 'function') return Number(getRemainingTimeInMillis()) - reserveMs;
  return typeof limit === 'number' ? Math.min(limit - reserveMs, maxMs) : maxMs;
};
