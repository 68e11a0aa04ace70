import type { Account } from '../../../lib/core/cloud.ts';
import { StsError } from '../../../lib/core/errors.ts';
import type { MintRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { Store } from '../../../lib/core/store.ts';
import { createMint, type Mint } from '../../../lib/mint/mint.ts';
import type { Ceiling } from '../../../lib/mint/quota.ts';
import type { Source } from '../../../lib/mint/source.ts';
import { memoryStore } from '../../../lib/stores/memory.ts';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { requestOf } from '../requests.ts';

/** What a cloud of virtual time has seen, and how it is. */
export interface VirtualCloud {
  calls: number;
  /** The most calls that were under way at once for one question. */
  mostInFlight: number;
  readonly perSecond: Map<number, number>;
  down: boolean;
  milliseconds: number;
  seconds: number;
  /** Refuses what is above its own limit, as clouds do. */
  limit: number;
  refusals: number;
}

export interface Instances {
  readonly clock: VirtualClock;
  readonly cloud: VirtualCloud;
  readonly mints: readonly Mint[];
  readonly store: Store;
}

const account: Account = { name: 'aws', cloud: 'aws', endpoint: new URL('http://127.0.0.1/') };

const questionOf = (request: MintRequest): string =>
  `${request.caller.name} ${'sessionName' in request ? request.sessionName : ''}`;

/** Instances of the mint before one cloud, in virtual time. */
export const openInstances = (
  settings: {
    readonly instances?: number;
    readonly ceiling?: Ceiling;
    readonly store?: (clock: VirtualClock) => Store;
    readonly entries?: number;
    readonly deadline?: number;
  } = {},
): Instances => {
  const { instances = 1, ceiling = () => undefined, entries = 100_000, deadline = 9_500 } = settings;
  const clock = virtualClock();
  const flying = new Map<string, number>();
  const cloud: VirtualCloud = {
    calls: 0,
    mostInFlight: 0,
    perSecond: new Map(),
    down: false,
    milliseconds: 50,
    seconds: 3600,
    limit: Number.POSITIVE_INFINITY,
    refusals: 0,
  };
  const source: Source = async (request) => {
    const number = ++cloud.calls;
    const question = questionOf(request);
    const second = Math.floor(clock.now().getTime() / 1000);
    const inSecond = (cloud.perSecond.get(second) ?? 0) + 1;
    cloud.perSecond.set(second, inSecond);
    const inFlight = (flying.get(question) ?? 0) + 1;
    flying.set(question, inFlight);
    cloud.mostInFlight = Math.max(cloud.mostInFlight, inFlight);
    if (cloud.milliseconds > 0) await clock.sleep(cloud.milliseconds);
    if (inFlight === 1) flying.delete(question);
    else flying.set(question, inFlight - 1);
    if (inSecond > cloud.limit) {
      cloud.refusals++;
      throw new StsError('Throttled', undefined, { upstream: { status: 400, code: 'RequestLimitExceeded' } });
    }
    if (cloud.down) throw new StsError('CloudUnavailable');
    return {
      accessKeyId: `${question} ${number}`,
      secretAccessKey: new Secret(`secret ${number}`),
      sessionToken: new Secret(`token ${number}`),
      expiration: new Date(clock.now().getTime() + cloud.seconds * 1000),
    };
  };
  const store = settings.store?.(clock) ?? memoryStore(clock.now, 1_000_000);
  const mints = Array.from({ length: instances }, () =>
    createMint({
      accounts: new Map([['aws', account]]),
      issue: () => {
        throw new Error('There is no authority here.');
      },
      clouds: { credentials: source, identity: () => Promise.reject(new Error('Nobody asks.')) },
      ceiling,
      store,
      shared: instances > 1,
      cache: { maxEntries: entries, shareable: () => false, deadline: () => deadlineOf(clock, deadline) },
      clock,
    }),
  );
  return { clock, cloud, mints, store };
};

/** Ends after so many virtual milliseconds. */
const deadlineOf = (clock: VirtualClock, milliseconds: number) => {
  const ending = new AbortController();
  void clock.sleep(milliseconds).then(() => ending.abort());
  return { signal: ending.signal };
};

export const named = (sessionName: string, caller = 'ci'): MintRequest =>
  requestOf({ sessionName, caller: { name: caller, proof: 'accessKey' } });

/** What came of a request: the key's id, or the code of an error. */
export const outcome = (
  { clock, mints }: Instances,
  request: MintRequest,
  { instance = 0, patience: deadline = 10_000 } = {},
): Promise<{ readonly key?: string; readonly code?: string; readonly retryAfter?: number; readonly at: number }> =>
  (mints[instance] as Mint).credentials(request, deadlineOf(clock, deadline)).then(
    ({ accessKeyId, expiration, sessionToken }) => {
      if (expiration <= clock.now() || sessionToken.reveal() === '') throw new Error('Not worth giving out.');
      return { key: accessKeyId, at: clock.now().getTime() };
    },
    (thrown) => {
      const { code, detail } = StsError.from(thrown);
      const { retryAfterSeconds } = detail;
      return {
        code,
        at: clock.now().getTime(),
        ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
      };
    },
  );
