import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { Source } from './cloud-source.ts';

/** Failures in a row after which an account's cloud is taken to be down. */
const failuresToOpen = 5;
const firstRest = 2_000;
const longestRest = 30_000;

interface Circuit {
  failures: number;
  /** Until when nothing is sent; the rest doubles each time that the one probe after it fails. */
  restsUntil: number;
  rest: number;
  probing: boolean;
}

/** Knows which clouds do not answer, account by account, whoever asks them. */
export interface CircuitBreaker {
  /** A source that leaves a cloud alone for a while that does not answer: what is asked meanwhile fails at once. */
  guarded(source: Source): Source;
  /** The accounts that were asked so far, and whether their cloud is being left alone. */
  states(): ReadonlyMap<string, boolean>;
}

const resting = (milliseconds: number): StsError =>
  new StsError('CloudUnavailable', 'The cloud has not been answering; it is left alone for now.', {
    retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
  });

export const circuitBreaker = (clock: Clock): CircuitBreaker => {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (account: string): Circuit => {
    const circuit = circuits.get(account) ?? { failures: 0, restsUntil: 0, rest: firstRest, probing: false };
    circuits.set(account, circuit);
    return circuit;
  };

  const noteAnswer = (circuit: Circuit): void => {
    Object.assign(circuit, { failures: 0, rest: firstRest });
  };

  const noteFailure = (circuit: Circuit, error: StsError, isProbe: boolean): void => {
    // Our own quota's refusal says nothing of the cloud, which was not asked.
    if (error.code === 'Throttled' && error.detail.upstream === undefined) return;
    // A cloud that says no is a cloud that answers.
    if (error.code !== 'CloudUnavailable') {
      noteAnswer(circuit);
      return;
    }
    circuit.failures++;
    if (circuit.failures < failuresToOpen) return;
    if (isProbe) circuit.rest = Math.min(circuit.rest * 2, longestRest);
    circuit.restsUntil = clock.now().getTime() + circuit.rest;
  };

  return {
    states: () => new Map([...circuits].map(([account, { failures }]) => [account, failures >= failuresToOpen])),

    guarded: (source) => async (request, deadline) => {
      const circuit = circuitOf(request.account);
      const at = clock.now().getTime();
      const isProbe = circuit.failures >= failuresToOpen;
      if (isProbe && (at < circuit.restsUntil || circuit.probing)) throw resting(circuit.restsUntil - at);
      if (isProbe) circuit.probing = true;
      try {
        const credentials = await source(request, deadline);
        noteAnswer(circuit);
        return credentials;
      } catch (thrown) {
        noteFailure(circuit, StsError.from(thrown), isProbe);
        throw thrown;
      } finally {
        // What was sent before the circuit opened is no probe, and may end while one is under way.
        if (isProbe) circuit.probing = false;
      }
    },
  };
};
