import type { Clock } from '../sts/clock.ts';
import { StsError } from '../sts/errors.ts';
import type { MintRequest } from '../sts/requests.ts';
import type { Source } from './source.ts';

const mostAttempts = 3;
const firstPause = 100;
const longestPause = 2_000;

/** Each first attempt earns a tenth of a retry, so that retries never add more than that to a cloud's bad day. */
const earnedByAttempt = 0.1;
const mostSaved = 10;

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

/**
 * Tries again what may succeed the next time: at most three attempts, each signed anew, with a pause of random length
 * between them, within the caller's patience and an account's budget of retries. A cloud that does not answer is left
 * alone for a while: what is asked meanwhile fails at once, and a single probe finds out when it is back.
 */
export const attempts = (source: Source, clock: Clock): Source => {
  const savings = new Map<string, number>();
  const circuits = new Map<string, Circuit>();

  const circuitOf = (account: string): Circuit => {
    const circuit = circuits.get(account) ?? { failures: 0, restsUntil: 0, rest: firstRest, probing: false };
    circuits.set(account, circuit);
    return circuit;
  };

  const once: Source = async (request, patience) => {
    const circuit = circuitOf(request.account);
    const at = clock.now().getTime();
    const isOpen = circuit.failures >= failuresToOpen;
    if (isOpen && (at < circuit.restsUntil || circuit.probing)) {
      const retryAfterSeconds = Math.max(1, Math.ceil((circuit.restsUntil - at) / 1000));
      throw new StsError('CloudUnavailable', 'The cloud has not been answering; it is left alone for now.', {
        retryAfterSeconds,
      });
    }
    circuit.probing = isOpen;
    try {
      const credentials = await source(request, patience);
      Object.assign(circuit, { failures: 0, rest: firstRest });
      return credentials;
    } catch (thrown) {
      noteFailure(circuit, StsError.from(thrown), isOpen);
      throw thrown;
    } finally {
      circuit.probing = false;
    }
  };

  const noteFailure = (circuit: Circuit, error: StsError, wasProbe: boolean): void => {
    // A cloud that says no is a cloud that answers.
    if (error.code !== 'CloudUnavailable') {
      circuit.failures = 0;
      return;
    }
    circuit.failures++;
    if (circuit.failures < failuresToOpen) return;
    if (wasProbe) circuit.rest = Math.min(circuit.rest * 2, longestRest);
    circuit.restsUntil = clock.now().getTime() + circuit.rest;
  };

  const maySpend = (request: MintRequest): boolean => {
    const saved = savings.get(request.account) ?? mostSaved;
    if (saved < 1) return false;
    savings.set(request.account, saved - 1);
    return true;
  };

  return async (request, patience) => {
    savings.set(request.account, Math.min(mostSaved, (savings.get(request.account) ?? mostSaved) + earnedByAttempt));
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(request, patience);
      } catch (thrown) {
        const error = StsError.from(thrown);
        const isOver =
          attempt === mostAttempts || !error.traits.retryable || error.detail.retryAfterSeconds !== undefined;
        if (isOver || patience.signal.aborted || !maySpend(request)) throw error;
        await clock.sleep(clock.chance() * Math.min(longestPause, firstPause * 2 ** attempt), patience.signal);
        if (patience.signal.aborted) throw error;
      }
    }
  };
};
