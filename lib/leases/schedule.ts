import { hash } from 'node:crypto';
import { stsErrors } from '../core/errors.ts';
import type { Lease } from './lease.ts';
import { type LeaseState, liveOf } from './state.ts';

// When things are done, in milliseconds since 1970 and in shares of a life: from the mint to the expiration.

/** Leases are refreshed at two thirds of their lives, this part of a life earlier or later at the most. */
const dueShare = 2 / 3;
const spread = 0.05;

const firstPause = 30_000;
const longestPause = 10 * 60_000;
/** Of what remains of a life, the next try comes within this share: so there are always several more. */
const pauseShare = 1 / 4;

/** Failures in a row after which it is no passing thing. */
const patienceWithFailures = 3;
/** A lease in trouble is told of while so much of its life is left. */
const alarmShare = 0.1;
const leastAlarm = 5 * 60_000;

/** From 0 to 1, and always the same for a name: leases that were minted together are not due together. */
const jitterOf = (name: string): number => Number.parseInt(hash('sha256', name, 'hex').slice(0, 8), 16) / 2 ** 32;

/** What a lease asks for, as a hash. */
export const shapeOf = ({ account, request }: Lease): string =>
  hash('sha256', JSON.stringify([account, request]), 'base64url');

/** When a lease is to be refreshed; at once where there is nothing, or something else than is asked for now. */
const dueAt = (lease: Lease, state: LeaseState, now: number): number => {
  const held = liveOf(state, now);
  if (held === undefined || held.shape !== shapeOf(lease)) return 0;
  const life = held.credentials.expiration.getTime() - held.mintedAt;
  return held.mintedAt + life * (dueShare + (jitterOf(lease.name) * 2 - 1) * spread);
};

/** Whether a run is to mint. */
export const isDue = (lease: Lease, state: LeaseState, now: number): boolean =>
  dueAt(lease, state, now) <= now && (state.nextTry ?? 0) <= now;

/** When to try again after so many failures. `chance` is from 0 to 1. */
export const nextTry = (
  failures: number,
  { now, expiration, chance, atLeast = 0 }: { now: number; expiration?: number; chance: number; atLeast?: number },
): number => {
  const pause = Math.min(longestPause, firstPause * 2 ** Math.min(failures - 1, 10)) * (0.5 + chance / 2);
  const remaining = expiration === undefined ? Number.POSITIVE_INFINITY : Math.max(0, expiration - now);
  return now + Math.max(atLeast, Math.min(pause, Math.max(firstPause, remaining * pauseShare)));
};

/**
 * Whether those who look after leases must hear of it: where trying again will not help, where it has not helped, or
 * where little time is left in which it might. Never only after the credentials have ended.
 */
export const isAlarming = (lease: Lease, state: LeaseState, now: number): boolean => {
  const { failures, deliveryFailures, code, held } = state;
  const live = liveOf(state, now);
  const inTrouble = failures > 0 || deliveryFailures > 0;
  if (live === undefined) return inTrouble || held !== undefined;
  const expiration = live.credentials.expiration.getTime();
  const isLate = expiration - now <= Math.max(leastAlarm, (expiration - live.mintedAt) * alarmShare);
  if (!inTrouble) return isLate && dueAt(lease, state, now) <= now;
  const isLasting = code !== undefined && !stsErrors[code].retryable;
  return isLasting || isLate || Math.max(failures, deliveryFailures) >= patienceWithFailures;
};
