import type { Caller } from '../core/caller.ts';
import { callerBehind } from '../core/caller-behind.ts';
import { StsError } from '../core/errors.ts';
import type { BrokerDeps, IncomingRequest } from './deps.ts';

/** Refuses a caller that asks too often, or has too much under way. */
export const admitCaller = (
  caller: Caller,
  { slot }: Pick<IncomingRequest, 'slot'>,
  now: Date,
  { admit }: Pick<BrokerDeps, 'admit'>,
): void => {
  admit(caller, now);
  if (slot?.belongTo(callerBehind(caller)) !== false) return;
  throw new StsError('Throttled', 'The caller has too many requests under way.', { retryAfterSeconds: 1 });
};
