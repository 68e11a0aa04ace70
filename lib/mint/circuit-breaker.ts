import { callerBehind } from '../core/caller-behind.ts';
import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { Source } from './source.ts';

/** Failures in a row after which an account's circuit opens. */
const failuresToOpen = 5;
/** Between probes: at most so long, that the first new credentials come within five seconds of the cloud's return. */
const firstPauseMs = 1_000;
const maxPauseMs = 4_000;

interface Circuit {
  failures: number;
  /** Whose requests failed; of many, some. */
  readonly callers: Set<string>;
  /** When the next probe may be sent, by the monotonic clock. Each probe doubles the pause until the next. */
  probeAt: number;
  pauseMs: number;
}

/** What fails for so many callers is the cloud's; what fails for fewer may be how they ask. */
const enoughCallers = 2;

const isConcerned = ({ callers }: Circuit, caller: string): boolean =>
  callers.size >= enoughCallers || callers.has(caller);

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
 * A circuit breaker for each account. While a single caller's requests fail, it is open for that caller alone: a request by
 * which a cloud fails must not be a way to keep others from it.
 *
 * @example
 * const breaker = circuitBreaker(clock);
 * const source = breaker.guarded(clouds.credentials);
 */
export const circuitBreaker = (clock: Clock): CircuitBreaker => {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (account: string): Circuit => {
    const circuit = circuits.get(account) ?? { failures: 0, callers: new Set(), probeAt: 0, pauseMs: firstPauseMs };
    circuits.set(account, circuit);
    return circuit;
  };

  const noteAnswer = (circuit: Circuit): void => {
    circuit.callers.clear();
    Object.assign(circuit, { failures: 0, pauseMs: firstPauseMs });
  };

  const noteFailure = (circuit: Circuit, caller: string, error: StsError): void => {
    // A refusal by our own quota says nothing of the cloud, which was not asked.
    if (error.code === 'Throttled' && error.detail.upstream === undefined) return;
    // A cloud that refuses is a cloud that answers.
    if (error.code !== 'CloudUnavailable') {
      noteAnswer(circuit);
      return;
    }
    circuit.failures++;
    if (circuit.callers.size < enoughCallers) circuit.callers.add(caller);
    if (circuit.failures === failuresToOpen) circuit.probeAt = clock.monotonicMs() + circuit.pauseMs;
  };

  return {
    states: () => new Map([...circuits].map(([account, { failures }]) => [account, failures >= failuresToOpen])),

    guarded: (source) => async (request, deadline) => {
      const circuit = circuitOf(request.account);
      const at = clock.monotonicMs();
      const caller = callerBehind(request.caller);
      if (circuit.failures >= failuresToOpen && isConcerned(circuit, caller)) {
        if (at < circuit.probeAt) throw isOpen(circuit.probeAt - at);
        // This request is the probe. The pause begins with it, not with its end: a probe that hangs delays no other.
        circuit.pauseMs = Math.min(circuit.pauseMs * 2, maxPauseMs);
        circuit.probeAt = at + circuit.pauseMs;
      }
      try {
        const credentials = await source(request, deadline);
        noteAnswer(circuit);
        return credentials;
      } catch (thrown) {
        noteFailure(circuit, caller, StsError.from(thrown));
        throw thrown;
      }
    },
  };
};
