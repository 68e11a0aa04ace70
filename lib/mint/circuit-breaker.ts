import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { Source } from './source.ts';

/** Failures in a row after which an account's circuit opens. */
const failuresToOpen = 5;
const firstPauseMs = 2_000;
const maxPauseMs = 30_000;

interface Circuit {
  failures: number;
  /** Until then nothing is sent, in milliseconds since 1970. One probe follows; if it fails, the pause doubles. */
  openUntil: number;
  pauseMs: number;
  probing: boolean;
}

/** Knows, by account, which clouds do not answer. */
export interface CircuitBreaker {
  /** A source that rejects at once, with `CloudUnavailable`, while the account's circuit is open. */
  guarded(source: Source): Source;
  /** By account that was asked so far, whether its circuit is open. */
  states(): ReadonlyMap<string, boolean>;
}

const isOpen = (milliseconds: number): StsError =>
  new StsError('CloudUnavailable', 'The cloud has not been answering, so it is not asked for now.', {
    retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
  });

/**
 * A circuit breaker for each account.
 *
 * @example
 * const breaker = circuitBreaker(clock);
 * const source = breaker.guarded(clouds.credentials);
 */
export const circuitBreaker = (clock: Clock): CircuitBreaker => {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (account: string): Circuit => {
    const circuit = circuits.get(account) ?? { failures: 0, openUntil: 0, pauseMs: firstPauseMs, probing: false };
    circuits.set(account, circuit);
    return circuit;
  };

  const noteAnswer = (circuit: Circuit): void => {
    Object.assign(circuit, { failures: 0, pauseMs: firstPauseMs });
  };

  const noteFailure = (circuit: Circuit, error: StsError, isProbe: boolean): void => {
    // A refusal by our own quota says nothing of the cloud, which was not asked.
    if (error.code === 'Throttled' && error.detail.upstream === undefined) return;
    // A cloud that refuses is a cloud that answers.
    if (error.code !== 'CloudUnavailable') {
      noteAnswer(circuit);
      return;
    }
    circuit.failures++;
    if (circuit.failures < failuresToOpen) return;
    if (isProbe) circuit.pauseMs = Math.min(circuit.pauseMs * 2, maxPauseMs);
    circuit.openUntil = clock.now().getTime() + circuit.pauseMs;
  };

  return {
    states: () => new Map([...circuits].map(([account, { failures }]) => [account, failures >= failuresToOpen])),

    guarded: (source) => async (request, deadline) => {
      const circuit = circuitOf(request.account);
      const at = clock.now().getTime();
      const isProbe = circuit.failures >= failuresToOpen;
      if (isProbe && (at < circuit.openUntil || circuit.probing)) throw isOpen(circuit.openUntil - at);
      if (isProbe) circuit.probing = true;
      try {
        const credentials = await source(request, deadline);
        noteAnswer(circuit);
        return credentials;
      } catch (thrown) {
        noteFailure(circuit, StsError.from(thrown), isProbe);
        throw thrown;
      } finally {
        // A call sent before the circuit opened is no probe, and may end while a probe is under way.
        if (isProbe) circuit.probing = false;
      }
    },
  };
};
