import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCloud } from '../../test/support/fake-cloud.ts';
import { account, newFolder, signedAssume, startServer } from '../../test/support/server-process.ts';
import { newKey, tokenOf } from '../../test/support/token-issuer.ts';
import { verify } from './audit.ts';
import { asMessages, asObjects, batchTaken, sinkKey } from './collected.ts';
import { faults, openStandIn, type Received, type StandIn } from './stand-in.ts';
import { askAll, askAtOnce, type Finding, names, onStage, pause, secondsUntil } from './trial.ts';

// Services besides stores and clouds that refuse, hang, say nonsense, break off or say too much: sinks of the audit trail,
// places of deliveries, issuers of tokens.

/** A sink in every kind of trouble, one after the other. */
const sinkInTrouble = async (
  what: string,
  sink: (url: string) => object,
  answer: (request: Received) => string,
  linesOf: (taken: readonly Received[]) => readonly string[],
): Promise<Finding> => {
  const place = await openStandIn(answer);
  try {
    return await onStage(
      ({ url }) => ({
        accounts: { aws: { ...account(url), requestsPerSecond: 2_000 } },
        audit: { sink: sink(place.url), key: 'file:audit.pem' },
        server: { noticeSeconds: 0 },
      }),
      async ({ server }) => {
        let given = (await askAll(server, names('well', 5))).served;
        let whileDown = 0;
        const back: string[] = [];
        let slowestSeconds = 0;
        for (const [index, fault] of faults.entries()) {
          place.fault = fault;
          whileDown += (await askAtOnce(server, names(`down-${index}`, 20))).served;
          place.fault = undefined;
          let tries = 0;
          const seconds = await secondsUntil(async () => {
            const { served } = await askAll(server, [`back-${index}-${tries++}`]);
            given += served;
            return served === 1;
          }, 20);
          slowestSeconds = Math.max(slowestSeconds, seconds);
          back.push(`${fault}: ${seconds.toFixed(1)} s`);
        }
        server.child.kill('SIGTERM');
        const code = await server.ended;
        const lines = linesOf(place.taken);
        writeFileSync(join(server.folder, 'collected.jsonl'), `${lines.join('\n')}\n`);
        const { code: verified } = await verify(server.folder, ['collected.jsonl']);
        const recorded = new Set(lines.filter((line) => line.includes('"credmint.outcome":"Done"'))).size;
        return {
          promise: 'no credential without its record, and recovery with the sink',
          fault: `${what} ${faults.join(', ')}, with 20 requests at once each time`,
          // One that hangs is felt to be well again when the attempt under way is given up.
          kept: whileDown === 0 && recorded >= given && verified === 0 && slowestSeconds <= 4 && code === 0,
          figures: `${whileDown} given while it was down; ${given} given, ${recorded} recorded, verified: exit ${verified}; served again after ${back.join(', ')}`,
        };
      },
    );
  } finally {
    await place.close();
  }
};

export const bucketInTrouble = (): Promise<Finding> =>
  sinkInTrouble(
    'S3',
    (url) => ({ kind: 's3', endpoint: `${url}/bucket`, region: 'eu-central-1', key: sinkKey }),
    () => '',
    asObjects,
  );

export const queueInTrouble = (): Promise<Finding> =>
  sinkInTrouble(
    'SQS',
    (url) => ({ kind: 'sqs', endpoint: `${url}/123456789012/audit.fifo`, region: 'eu-central-1', key: sinkKey }),
    ({ body }) => batchTaken(body),
    asMessages,
  );

/** What the places of deliveries answer while they are well. */
const tookIt: Readonly<Record<string, (request: Received) => string>> = {
  webhook: () => '',
  secretsmanager: () => JSON.stringify({ VersionId: 'v' }),
  ssm: () => JSON.stringify({ Version: 1 }),
  'tencent-ssm': () => JSON.stringify({ Response: { SecretName: 'demo', VersionId: 'credmint', RequestId: 'r' } }),
  kubernetes: () => JSON.stringify({ kind: 'Secret' }),
};

/** Each place of a lease's deliveries in another kind of trouble; a file is well. */
export const deliveriesInTrouble = async (): Promise<Finding> => {
  const folder = newFolder();
  const cloud = await openCloud();
  const places = new Map<string, StandIn>();
  for (const [index, [kind, answer]] of Object.entries(tookIt).entries()) {
    const place = await openStandIn(answer);
    place.fault = faults[index];
    places.set(kind, place);
  }
  const url = (kind: string): string => `${places.get(kind)?.url}/`;
  writeFileSync(join(folder, 'token'), 'the-service-account-token', { mode: 0o600 });
  const region = 'eu-central-1';
  const deliver = [
    { kind: 'file', path: 'delivered', format: 'dotenv' },
    { kind: 'webhook', url: url('webhook'), secret: 'env:SEAL' },
    { kind: 'secretsmanager', secretId: 'demo', region, endpoint: url('secretsmanager'), format: 'dotenv' },
    { kind: 'ssm', parameter: '/demo', region, endpoint: url('ssm'), format: 'dotenv' },
    {
      kind: 'tencent-ssm',
      secretName: 'demo',
      region: 'ap-guangzhou',
      endpoint: url('tencent-ssm'),
      key: sinkKey,
      format: 'dotenv',
    },
    {
      kind: 'kubernetes',
      namespace: 'apps',
      secretName: 'demo',
      endpoint: url('kubernetes'),
      tokenFile: 'token',
      format: 'dotenv',
    },
  ];
  const server = await startServer(
    {
      accounts: { aws: { ...account(cloud.url), requestsPerSecond: 2_000 } },
      leases: {
        demo: { operation: 'AssumeRole', account: 'aws', role: 'arn:aws:iam::123456789012:role/demo', deliver },
      },
      grants: ['ci', 'leases'].map((caller) => ({
        name: caller,
        callers: [caller],
        account: 'aws',
        operations: ['AssumeRole'],
        roles: ['**'],
      })),
    },
    { folder, variables: { AWS_ACCESS_KEY_ID: 'AKIDPROCESS', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: region } },
  );
  try {
    let asked = 0;
    let served = 0;
    let slowestMs = 0;
    const load = async (): Promise<void> => {
      const tally = await askAll(server, names(`run-${asked}`, 5));
      asked += tally.asked;
      served += tally.served;
      slowestMs = Math.max(slowestMs, tally.slowestMs);
    };
    const isFiled = (): boolean => existsSync(join(folder, 'delivered'));
    const filed = await secondsUntil(async () => {
      await load();
      return isFiled();
    }, 20);
    await secondsUntil(async () => {
      await load();
      return [...places.values()].every(({ came }) => came > 0);
    }, 20);
    for (const place of places.values()) place.fault = undefined;
    const all = await secondsUntil(async () => {
      await load();
      return [...places.values()].every(({ taken }) => taken.length > 0);
    }, 130);
    const leases = cloud.calls.filter((name) => name === 'demo').length;
    return {
      promise: 'a place that does not take its delivery delays no other and no caller, and has it when it is well',
      fault: [...places.keys()].map((kind, index) => `${kind} ${faults[index]}`).join(', '),
      kept: isFiled() && filed <= 10 && all <= 125 && served === asked && leases === 1,
      figures: `the file after ${filed.toFixed(1)} s, all others ${all.toFixed(0)} s after they were well, of ${leases} mint; ${served} of ${asked} served meanwhile, slowest ${slowestMs} ms`,
    };
  } finally {
    await server.close();
    await cloud.close();
    for (const place of places.values()) await place.close();
  }
};

/** The issuer of callers' tokens: its keys are kept through every trouble, and new ones are had once it is well. */
export const issuerInTrouble = async (): Promise<Finding> => {
  const [old, young] = [newKey(), newKey()];
  let published = [old];
  const issuer = await openStandIn(() => JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
  try {
    return await onStage(
      ({ url }) => ({
        accounts: { aws: { ...account(url), requestsPerSecond: 2_000 } },
        callers: { ci: { jwt: { issuer: issuer.url, audience: 'credmint', jwks: `${issuer.url}/keys` } } },
      }),
      async ({ server }) => {
        const seconds = Math.floor(Date.now() / 1000);
        const ask = async (key: typeof old, name: string): Promise<{ status: number; ms: number }> => {
          const token = tokenOf(key, { iss: issuer.url, iat: seconds, exp: seconds + 3_600 });
          const began = performance.now();
          const { status } = await fetch(`${server.url}/assumeRole`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: signedAssume(server.url, name).body,
          });
          return { status, ms: performance.now() - began };
        };
        await ask(old, 'well');
        let served = 0;
        let slowestMs = 0;
        const refusals = new Set<number>();
        for (const [index, fault] of faults.entries()) {
          // After a failure its keys are not fetched for so long.
          if (index > 0) await pause(15_500);
          issuer.fault = fault;
          // A token of a key that nobody knows makes the keys be fetched, while others ask.
          const unknown = ask(young, `young-${index}`);
          for (const name of names(`old-${index}`, 10)) {
            const { status, ms } = await ask(old, name);
            if (status === 200) served++;
            slowestMs = Math.max(slowestMs, ms);
          }
          refusals.add((await unknown).status);
        }
        issuer.fault = undefined;
        published = [old, young];
        let tries = 0;
        const back = await secondsUntil(async () => (await ask(young, `back-${tries++}`)).status === 200, 90);
        const both = [(await ask(old, 'both')).status, (await ask(young, 'both')).status];
        return {
          promise: 'an issuer’s keys are kept while it is in trouble, and its new ones had when it is well',
          fault: `the issuer of callers’ tokens ${faults.join(', ')}, while tokens of an unknown key come; then it has rotated`,
          kept:
            served === 10 * faults.length && slowestMs < 1_000 && back <= 61 && both.every((status) => status === 200),
          figures: `${served} of ${10 * faults.length} served by kept keys, slowest ${Math.round(slowestMs)} ms; unknown ones: ${[...refusals].join(', ')}; by the new key after ${back.toFixed(1)} s`,
        };
      },
    );
  } finally {
    await issuer.close();
  }
};
