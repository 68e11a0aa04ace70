import { sleep } from '../../../lib/app/sleep.ts';
import { StsError } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { createMint } from '../../../lib/mint/mint.ts';
import { redisStore } from '../../../lib/stores/redis.ts';
import { keyring } from '../../../lib/stores/seal/keyring.ts';
import { sealed } from '../../../lib/stores/sealed.ts';
import { nodeTransport } from '../../../lib/transport/node-http.ts';
import { requestOf } from '../requests.ts';
import type { Report, Task } from './processes.ts';

// A process of its own that mints from the test's cloud, with Redis behind it, and says what it was given.

const [port = '', cloudUrl = ''] = process.argv.slice(2);
const now = (): Date => new Date();
const redis = redisStore({ host: '127.0.0.1', port: Number(port), database: 0 }, now, 5_000);
const store = sealed(redis, keyring(new Secret('a secret of more than thirty-two characters')), now);
const transport = nodeTransport();
const { host } = new URL(cloudUrl);

const mint = createMint({
  accounts: new Map([['aws', { name: 'aws', cloud: 'aws', endpoint: new URL(cloudUrl) }]]),
  issue: () => {
    throw new Error('There is no authority here.');
  },
  clouds: {
    credentials: async (request, { signal }) => {
      const name = 'sessionName' in request ? request.sessionName : '';
      const said = await transport(
        { method: 'POST', scheme: 'http', host, path: '/', query: '', headers: {}, body: `RoleSessionName=${name}` },
        signal,
      );
      const [, accessKeyId = ''] = /<AccessKeyId>(\w+)</.exec(said.body) ?? [];
      const [, expiration = ''] = /<Expiration>([^<]+)</.exec(said.body) ?? [];
      return {
        accessKeyId,
        secretAccessKey: new Secret(`secret of ${name}`),
        sessionToken: new Secret(`token of ${name}`),
        expiration: new Date(expiration),
      };
    },
    identity: () => Promise.reject(new Error('Nobody asks.')),
  },
  ceiling: () => undefined,
  store,
  shared: true,
  cache: { maxEntries: 1_000, shareable: () => false, deadline: () => ({ signal: AbortSignal.timeout(25_000) }) },
  clock: { now, monotonicMs: () => performance.now(), sleep, chance: Math.random },
});

const run = async ({ name, count }: Task): Promise<Report> => {
  const deadline = { signal: AbortSignal.timeout(30_000) };
  const outcomes = new Map<string, number>();
  await Promise.all(
    Array.from({ length: count }, async () => {
      const outcome = await mint.credentials(requestOf({ sessionName: name }), deadline).then(
        ({ accessKeyId, sessionToken }) => `${accessKeyId} ${sessionToken.reveal()}`,
        (thrown) => StsError.from(thrown).code,
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
  );
  return { outcomes: Object.fromEntries(outcomes) };
};

process.on('message', (task: Task) => {
  void run(task).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
