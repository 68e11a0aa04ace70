import type { Credentials } from '../../../../lib/core/credentials.ts';
import { StsError } from '../../../../lib/core/errors.ts';
import type { MintRequest } from '../../../../lib/core/requests.ts';
import { Secret } from '../../../../lib/core/secret.ts';
import type { VirtualClock } from '../../clock.ts';
import type { Tally } from './tally.ts';

/** A cloud that several accounts are at, each with a limit of its own that refuses what is above it. */
export interface LimitedCloud {
  mint(request: MintRequest): Promise<Credentials>;
  /** The most calls of one account that came within a second of the clock on the wall. */
  busiestSecond(): number;
  /** How often it was asked for each question. */
  readonly callsByQuestion: ReadonlyMap<string, number>;
}

const minLatencyMs = 60;
const maxLatencyMs = 200;

const questionOf = (request: MintRequest): string => ('sessionName' in request ? request.sessionName : '');

/** `callsPerSecond` is of each account: a bucket that holds as many and is filled at that rate, as the clouds' own are. */
export const limitedCloud = (
  clock: VirtualClock,
  tally: Tally,
  { callsPerSecond, lifeSeconds }: { readonly callsPerSecond: number; readonly lifeSeconds: number },
): LimitedCloud => {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const callsByQuestion = new Map<string, number>();
  const inSecond = new Map<string, number>();
  let second = -1;
  let busiest = 0;

  const count = (account: string): void => {
    const current = Math.floor(clock.now().getTime() / 1000);
    if (current !== second) {
      second = current;
      inSecond.clear();
    }
    const calls = (inSecond.get(account) ?? 0) + 1;
    inSecond.set(account, calls);
    busiest = Math.max(busiest, calls);
  };

  const admits = (account: string): boolean => {
    const atMs = clock.monotonicMs();
    const bucket = buckets.get(account) ?? { tokens: callsPerSecond, atMs };
    buckets.set(account, bucket);
    bucket.tokens = Math.min(callsPerSecond, bucket.tokens + ((atMs - bucket.atMs) * callsPerSecond) / 1000);
    bucket.atMs = atMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  };

  return {
    callsByQuestion,
    busiestSecond: () => busiest,
    mint: async (request) => {
      tally.add('calls');
      count(request.account);
      const question = questionOf(request);
      const number = (callsByQuestion.get(question) ?? 0) + 1;
      callsByQuestion.set(question, number);
      const admitted = admits(request.account);
      await clock.sleep(minLatencyMs + Math.floor(clock.chance() * (maxLatencyMs - minLatencyMs)));
      if (!admitted) {
        tally.add('calls refused');
        throw new StsError('Throttled', undefined, { upstream: { status: 400, code: 'Throttling' } });
      }
      return {
        accessKeyId: `${question} ${number}`,
        secretAccessKey: new Secret(`s${number}`),
        sessionToken: new Secret(`t${number}`),
        expiration: new Date(clock.now().getTime() + lifeSeconds * 1000),
      };
    },
  };
};
