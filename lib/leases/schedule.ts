import { hash } from 'node:crypto';
import { stsErrors } from '../core/errors.ts';
import type { Lease } from './lease.ts';
import { type LeaseState, liveOf } from './state.ts';

// Instants are in milliseconds since 1970; shares are of a life, which is the time from the mint to the expiration.

/** Leases are refreshed at two thirds of their lives, earlier or later by at most `spread`. */
const dueShare = 2 / 3;
const spread = 0.05;

const firstPauseMs = 30_000;
const maxPauseMs = 10 * 60_000;
/** The next try comes within this share of what remains of a life, so that several more tries always fit. */
const pauseShare = 1 / 4;

/** Runs start every minute, and have this much time to mint and deliver what would end before the next one does. */
const runPeriodMs = 60_000;
const runMarginMs = 15_000;

/** How far the clocks of instances that share a store may be apart. */
const maxClockSpreadMs = 60_000;

/** Failures in a row after which a lease is reported. */
const failuresToReport = 3;
/** A lease in trouble is reported when this share of its life is left, and at least `minAlarmMs` before its end. */
const alarmShare = 0.1;
const minAlarmMs = 5 * 60_000;

/** From 0 to 1, always the same for a name, so that leases that were minted together are not due together. */
const jitterOf = (name: string): number => Number.parseInt(hash('sha256', name, 'hex').slice(0, 8), 16) / 2 ** 32;

/** When a lease is to be refreshed: at once if nothing is held. */
const dueAt = (lease: Lease, state: LeaseState, now: number): number => {
  const held = liveOf(state, now);
  if (held === undefined) return 0;
  // By a clock that was set back since, it was minted in the future: how old it is cannot be told.
  if (held.mintedAt - now > maxClockSpreadMs) return 0;
  const share = dueShare + (jitterOf(lease.name) * 2 - 1) * spread;
  // A cloud may give less than was asked: what would end before the next run is done is refreshed by this one. A life
  // shorter than that has gaps, and is alarming.
  return held.mintedAt + Math.min(held.lifeMs * share, held.lifeMs - runPeriodMs - runMarginMs);
};

/** When the next refresh is to be tried; in the past if it is late. */
export const nextRefreshAt = (lease: Lease, state: LeaseState, now: number): number =>
  Math.max(dueAt(lease, state, now), state.nextTry ?? 0);

/** Whether a run is to mint. */
export const isDue = (lease: Lease, state: LeaseState, now: number): boolean => nextRefreshAt(lease, state, now) <= now;

/** When to try again after so many failures. `chance` is from 0 to 1. */
export const nextTry = (
  failures: number,
  {
    now,
    expiration,
    chance,
    minPauseMs = 0,
  }: {
    readonly now: number;
    readonly expiration?: number;
    readonly chance: number;
    readonly minPauseMs?: number;
  },
): number => {
  const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10)) * (0.5 + chance / 2);
  const remaining = expiration === undefined ? Number.POSITIVE_INFINITY : Math.max(0, expiration - now);
  return now + Math.max(minPauseMs, Math.min(pause, Math.max(firstPauseMs, remaining * pauseShare)));
};

/**
 * Whether those who look after leases must be told: if trying again will not help, has not helped, or has little time
 * left. They are told before the credentials end, never only after.
 */
export const isAlarming = (lease: Lease, state: LeaseState, now: number): boolean => {
  const { failures, deliveryFailures, code, held } = state;
  const live = liveOf(state, now);
  const inTrouble = failures > 0 || deliveryFailures > 0;
  if (live === undefined) return inTrouble || held !== undefined;
  const isLate = live.mintedAt + live.lifeMs - now <= Math.max(minAlarmMs, live.lifeMs * alarmShare);
  if (!inTrouble) return isLate && dueAt(lease, state, now) <= now;
  const isLasting = code !== undefined && !stsErrors[code].retryable;
  return isLasting || isLate || Math.max(failures, deliveryFailures) >= failuresToReport;
};
