import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../lib/core/secret.ts';
import { type Cloud, openCloud } from '../../test/support/fake-cloud.ts';
import {
  account,
  newAuditKey,
  type ServerProcess,
  startAnother,
  startServer,
  writeConfig,
} from '../../test/support/server-process.ts';
import { verify } from './audit.ts';
import { askAll, type Finding, names, onStage, pause } from './trial.ts';

// Every row of the table of rotations in docs/deploy.md that a process of ours has a part in, under load.

/** The key of an account, as two files of a mounted secret. */
const writeAccountKey = (folder: string, id: string): void => {
  writeFileSync(join(folder, 'id'), id);
  writeFileSync(join(folder, 'secret'), `the secret of ${id}`);
};

/** The account's key is replaced on disk while callers ask. */
export const accountKey = (): Promise<Finding> =>
  onStage(
    (cloud) => ({
      accounts: {
        aws: { ...account(cloud.url), key: { id: 'file:id', secret: 'file:secret' }, requestsPerSecond: 2_000 },
      },
    }),
    async ({ server, cloud }) => {
      cloud.accepts = 'AKIDNEW';
      writeAccountKey(server.folder, 'AKIDNEW');
      const renewed = await askAll(server, names('renewed', 50));
      return {
        promise: 'an account’s key rotates without a restart',
        fault: '`file:` key replaced on disk, and the old one disabled at the cloud',
        kept: renewed.served === 50,
        figures: `${renewed.served} of 50 served, ${cloud.calls.length - 50} refused by the cloud and asked again`,
      };
    },
    {},
    (folder) => writeAccountKey(folder, 'AKIDOLD'),
  );

/** What two processes serve, and what each step of a rotation changes. */
interface Rotation {
  readonly promise: string;
  readonly fault: string;
  readonly steps: readonly object[];
  /** Is asked of each process in turn while the other is replaced. Returns whether it was served. */
  ask(server: ServerProcess, number: number): Promise<boolean>;
}

/** Replaces two processes one after the other at each step, as a deployment does, while both are asked. */
export const rollOut = async (
  config: (cloud: Cloud) => object,
  { promise, fault, steps, ask }: Rotation,
  judge: (cloud: Cloud) => { readonly kept: boolean; readonly figures: string },
  more: Readonly<Record<string, string>> = {},
): Promise<Finding> => {
  const cloud = await openCloud();
  const written = (step: object): object => ({
    store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] },
    audit: { sink: { kind: 'file', path: 'audit-%p.jsonl' }, key: 'file:audit.pem' },
    server: { noticeSeconds: 0 },
    ...config(cloud),
    ...step,
  });
  const variables = {
    OLD: randomBytes(32).toString('base64url'),
    NEW: randomBytes(32).toString('base64url'),
    CALLER_NEW: 'another secret of the caller',
    ...more,
  };
  const [first, ...others] = steps;
  const servers: ServerProcess[] = [await startServer(written(first ?? {}), { variables })];
  const { folder } = servers[0] as ServerProcess;
  servers.push(await startAnother(folder, variables));
  let asked = 0;
  let served = 0;
  let isOver = false;
  const load = (async () => {
    while (!isOver) {
      // One that is being replaced takes nothing: a balancer knows.
      for (const server of [...servers]) {
        asked++;
        if (await ask(server, asked)) served++;
      }
      await pause(10);
    }
  })();
  try {
    for (const step of others) {
      writeConfig(folder, written(step));
      for (const index of [0, 1]) {
        const next = await startAnother(folder, variables);
        const [old] = servers.splice(index, 1, next);
        await pause(100);
        old?.child.kill('SIGTERM');
        await old?.ended;
      }
      await pause(200);
    }
    isOver = true;
    await load;
    const { kept, figures } = judge(cloud);
    return { promise, fault, kept: kept && served === asked, figures: `${served} of ${asked} served; ${figures}` };
  } finally {
    isOver = true;
    for (const server of servers) server.child.kill('SIGKILL');
    await servers[0]?.close();
    await cloud.close();
  }
};

export const rotationSteps = (of: (keys: readonly string[]) => object): readonly object[] =>
  [['env:OLD'], ['env:OLD', 'env:NEW'], ['env:NEW', 'env:OLD'], ['env:NEW']].map(of);

const isServed = async (server: ServerProcess, name: string): Promise<boolean> =>
  (await server.assume(name).then(
    ({ status }) => status,
    () => 0,
  )) === 200;

export const sealingKeys = (): Promise<Finding> =>
  rollOut(
    ({ url }) => ({ accounts: { aws: { ...account(url), requestsPerSecond: 2_000 } } }),
    {
      promise: '`store.sealingKeys` rotate under load',
      fault: '[old], [old, new], [new, old], [new] on two processes, one after the other',
      steps: rotationSteps((sealingKeys) => ({ store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys } })),
      ask: (server, number) => isServed(server, `one-${number % 5}`),
    },
    // What the old key sealed cannot be opened by the last step, which is why it waits for a week.
    ({ calls }) => ({ kept: calls.length <= 10, figures: `5 questions minted ${calls.length} times` }),
  );

export const authorityKeys = (): Promise<Finding> => {
  let session: { readonly id: string; readonly secret: Secret; readonly token: Secret } | undefined;
  return rollOut(
    () => ({
      accounts: { own: { cloud: 'authority' } },
      grants: [
        { name: 'ci', callers: ['ci'], account: 'own', operations: ['AssumeRole'], roles: ['**'] },
        { name: 'session', callers: ['session'], account: 'own', operations: ['GetCallerIdentity'] },
      ],
    }),
    {
      promise: '`authority.keys` rotate under load',
      fault: '[old], [old, new], [new, old] on two processes: a session of one is used at the other',
      steps: rotationSteps((keys) => ({
        authority: { keys, accountIds: { aws: '123456789012' }, roles: { demo: { trust: ['ci'] } } },
      })).slice(0, 3),
      ask: async (server, number) => {
        if (session !== undefined) {
          const identity = await server.ask('/getCallerIdentity', {}, session);
          return identity.status === 200;
        }
        const { status, text } = await server.assume(`session-${number}`, { account: 'own' });
        if (status !== 200) return false;
        const { accessKeyId, secretAccessKey, sessionToken } = JSON.parse(text).credentials ?? JSON.parse(text);
        session = { id: accessKeyId, secret: new Secret(secretAccessKey), token: new Secret(sessionToken) };
        return true;
      },
    },
    () => ({ kept: session !== undefined, figures: 'one session from the first step to the last' }),
  );
};

export const callerKey = (): Promise<Finding> => {
  const old = { id: 'AKIDCALLER', secret: 'env:CALLER' };
  const next = { id: 'AKIDCALLERNEW', secret: 'env:CALLER_NEW' };
  const by = { id: next.id, secret: new Secret('another secret of the caller') };
  let withNew = 0;
  return rollOut(
    ({ url }) => ({ accounts: { aws: { ...account(url), requestsPerSecond: 2_000 } } }),
    {
      promise: 'a caller’s access key rotates under load',
      fault: '[old], [old, new], [new] on two processes; the caller moves in between',
      steps: [{ accessKey: old }, { accessKey: [old, next] }, { accessKey: [old, next] }, { accessKey: next }].map(
        (ci) => ({
          callers: { ci },
        }),
      ),
      ask: async (server, number) => {
        // The caller moves once every process knows the new key.
        const asked = await server.assume(`one-${number % 5}`, withNew > 0 ? { by } : {}).catch(() => undefined);
        if (asked?.status === 200) return true;
        withNew++;
        return (await server.assume(`one-${number % 5}`, { by })).status === 200;
      },
    },
    ({ calls }) => ({ kept: withNew > 0, figures: `the caller moved; ${calls.length} minted` }),
  );
};

/** The audit key: a verifier that has the old public key trusts the new one. */
export const auditKey = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server }) => {
      const { folder, child } = server;
      await askAll(server, names('old', 5));
      child.kill('SIGTERM');
      await server.ended;
      copyFileSync(join(folder, 'audit.pem'), join(folder, 'old.pem'));
      writeFileSync(join(folder, 'new.pem'), newAuditKey(), { mode: 0o600 });
      const config = JSON.parse(readFileSync(join(folder, 'credmint.config.json'), 'utf8'));
      writeConfig(folder, { ...config, audit: { ...config.audit, key: 'file:new.pem', olderKeys: ['file:old.pem'] } });
      const next = await startAnother(folder);
      await askAll(next, names('new', 5));
      next.child.kill('SIGTERM');
      await next.ended;
      const { code, said } = await verify(folder, ['audit.jsonl'], 'old.pem');
      return {
        promise: 'the audit key rotates, and old verifiers go on',
        fault: 'a new `audit.key` with the old one in `olderKeys`; verified with the old public key alone',
        kept: code === 0 && said.includes('unproven: 0 records'),
        figures: `exit ${code}: ${said.split('\n')[0]} ${said.split('\n').find((line) => line.startsWith('proven'))}`,
      };
    },
  );
