import { randomBytes } from 'node:crypto';
import { sleep } from '../../lib/app/sleep.ts';
import { Secret } from '../../lib/core/secret.ts';
import { cache } from '../../lib/mint/cache.ts';
import { mintLocally } from '../../lib/mint/obtain.ts';
import { requestOf } from '../../test/support/requests.ts';
import { usage } from './report.ts';

// Caches credentials of the usual size, a fifth more than the limit; reports their memory and the longest pause,
// garbage collection included.

const most = Number(process.argv[2]);
const clock = { now: () => new Date(), monotonicMs: () => performance.now(), sleep, chance: Math.random };
const forever = { signal: new AbortController().signal };

const cached = cache(
  async (request) => {
    const name = 'sessionName' in request ? request.sessionName : '';
    return {
      accessKeyId: `ASIA${name.toUpperCase().replace('-', '')}`.padEnd(20, '0'),
      // As those of AWS are: base64, a token of some hundreds of characters.
      secretAccessKey: new Secret(randomBytes(30).toString('base64')),
      sessionToken: new Secret(randomBytes(450).toString('base64')),
      expiration: new Date(Date.now() + 3_600_000),
    };
  },
  () => Promise.reject(new Error('Nothing is refreshed here.')),
  mintLocally(clock),
  clock,
  { maxEntries: most, shareable: () => false, fingerprint: () => '', deadline: () => forever },
);

/** Processor time of this thread so far, in milliseconds: what the others on a busy machine take is not in it. */
const own = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const collect = (): void => globalThis.gc?.();

const run = async () => {
  collect();
  const before = usage();
  let pause = 0;
  let work = 0;
  let last = performance.now();
  let lastOwn = own();
  for (let index = 0; index < most * 1.2; index++) {
    await cached.credentials(requestOf({ sessionName: `job-${index}` }), forever);
    const now = performance.now();
    pause = Math.max(pause, now - last);
    last = now;
    const mine = own();
    work = Math.max(work, mine - lastOwn);
    lastOwn = mine;
  }
  const size = cached.size();
  const processor = usage().processor - before.processor;
  collect();
  const after = usage();
  return {
    size,
    bytes: ((after.heap - before.heap) * 2 ** 20) / size,
    resident: after.resident,
    pause,
    work,
    processor,
  };
};

process.on('message', () => {
  void run().then((kept) => process.send?.(kept));
});
process.on('disconnect', () => process.exit());
process.send?.({});
