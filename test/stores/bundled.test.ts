import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreSettings } from '../../lib/stores/settings.ts';
import { type Bundle, bundle, type Target } from '../../scripts/bundle.ts';
import { builtFor } from '../../scripts/package/built-for.ts';
import { credentials as awsKey, type Dynalite, region, startDynalite } from '../support/dynalite-server.ts';
import { installedNode, invoke, recorded } from '../support/packaged/deployed.ts';
import { signed } from '../support/packaged/signed.ts';
import { writtenOf } from '../support/packaged/written.ts';
import { hasRedis, type RedisProcess, startRedis } from '../support/redis-server.ts';
import { type Recorder, record } from '../support/store-recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-bundled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type StoreKind = StoreSettings['kind'];

const build = (target: Target, kind: StoreKind, configuration: object): Promise<Bundle> => {
  const text = JSON.stringify(configuration);
  const source = { written: writtenOf(configuration), text };
  return bundle('assumeRole', target, join(folder, kind), builtFor('assumeRole', target, source));
};

const sealed = { sealingKeys: ['env:STORE_KEY'] };
const settingsOf: Readonly<Record<StoreKind, object>> = {
  memory: { kind: 'memory' },
  sqlite: { kind: 'sqlite', path: 'store.sqlite', ...sealed },
  redis: { kind: 'redis', url: 'redis://127.0.0.1:6379', ...sealed },
  dynamodb: { kind: 'dynamodb', table: 'credmint', region: 'us-east-1', ...sealed },
};

/** What belongs to one store alone. */
const marks: Readonly<Record<Exclude<StoreKind, 'memory'>, RegExp>> = {
  sqlite: /lib\/stores\/sqlite\.ts|lib\/app\/stores\/sqlite\.ts/,
  redis: /node_modules\/ioredis\/|lib\/stores\/redis\.ts|lib\/app\/stores\/redis\.ts/,
  dynamodb: /lib\/stores\/dynamodb\.ts|lib\/app\/stores\/dynamodb\.ts/,
};
const sealing = /lib\/stores\/(sealed|data-key)\.ts/;

describe.each(['memory', 'sqlite', 'redis', 'dynamodb'] as const)('a bundle for the store %s', async (kind) => {
  const { metafile, outfile } = await build('aws', kind, { store: settingsOf[kind] });
  const inputs = Object.keys(metafile.inputs);

  it('carries that store, and no other, not even to drop it', () => {
    const carried = Object.entries(marks).flatMap(([store, mark]) =>
      inputs.some((input) => mark.test(input)) ? [store] : [],
    );
    expect(carried).toEqual(kind === 'memory' ? [] : [kind]);
    expect(inputs.some((input) => sealing.test(input))).toBe(kind !== 'memory');
    expect(inputs.filter((input) => /node_modules\/(@aws-sdk|@smithy)/.test(input))).toEqual([]);
  });

  it('is one file that stands alone', () => {
    expect(outfile).toContain(kind);
    const outside =
      metafile.outputs[Object.keys(metafile.outputs).find((output) => output.endsWith('.cjs')) ?? '']?.imports;
    expect(outside?.filter(({ external, path }) => !external || path.startsWith('.'))).toEqual([]);
  });
});

const ours = { accessKeyId: 'AKIDCREDMINTEXAMPLE1', secretAccessKey: 'our-callers-secret-of-40-characters-long' };

const reply = (count: number): string => `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult><Credentials><AccessKeyId>ASIAMINTED${count}</AccessKeyId><SecretAccessKey>minted-secret</SecretAccessKey>
  <SessionToken>minted-token</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>
  </Credentials><AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:ci</AssumedRoleId>
  <Arn>arn:aws:sts::123456789012:assumed-role/demo/ci</Arn></AssumedRoleUser></AssumeRoleResult>
  <ResponseMetadata><RequestId>upstream</RequestId></ResponseMetadata></AssumeRoleResponse>`;

describe('functions that share a store', () => {
  let cloud: Recorder;
  let dynalite: Dynalite;
  let redis: RedisProcess | undefined;
  let mints = 0;
  beforeAll(async () => {
    cloud = await record(() => ({ headers: { 'content-type': 'text/xml' }, body: reply(++mints) }));
    dynalite = await startDynalite();
    redis = hasRedis ? await startRedis() : undefined;
  });
  afterAll(async () => {
    await Promise.all([cloud.close(), dynalite.close(), redis?.kill()]);
  });

  const settings = async (kind: StoreKind): Promise<Record<string, unknown>> => {
    const sealingKeys = ['env:STORE_KEY'];
    if (kind === 'sqlite') return { kind, path: 'store.sqlite', sealingKeys };
    if (kind === 'redis') return { kind, url: `redis://127.0.0.1:${redis?.port}`, sealingKeys };
    if (kind === 'dynamodb') {
      return { kind, table: await dynalite.newTable(), region, endpoint: dynalite.url.href, sealingKeys };
    }
    return { kind };
  };

  /** Deploys the function with a store, and gives what calls it, each time in a process of its own. */
  const deploy = async (target: Target, kind: StoreKind) => {
    const config = {
      store: await settings(kind),
      accounts: {
        aws: {
          cloud: 'aws',
          endpoint: cloud.url.href,
          region: 'us-east-1',
          key: { id: 'AKIAEXAMPLE', secret: 'env:KEY' },
        },
      },
      callers: { ci: { accessKey: { id: ours.accessKeyId, secret: 'env:CI_SECRET' } } },
      grants: [
        {
          name: 'ci',
          callers: ['ci'],
          account: 'aws',
          operations: ['AssumeRole'],
          roles: ['arn:aws:iam::123456789012:role/demo'],
        },
      ],
    };
    await build(target, kind, config);
    const event = await signed(recorded(target === 'aws' ? 'assumeRole.v2' : 'assumeRole.scf'), ours);
    return async () => {
      const node = target === 'tencent' ? (installedNode(20) ?? process.execPath) : process.execPath;
      const { reply, log } = await invoke({
        folder,
        bundle: `${kind}/${target}/assumeRole/index.cjs`,
        event,
        node,
        env: {
          // Of one server's two tenants, neither finds what the other has left.
          STORE_KEY: target.padEnd(43, 's'),
          KEY: 'upstream-secret',
          CI_SECRET: ours.secretAccessKey,
          AWS_ACCESS_KEY_ID: awsKey.accessKeyId,
          AWS_SECRET_ACCESS_KEY: awsKey.secretAccessKey,
        },
      });
      expect(log).not.toMatch(/minted-secret|minted-token|upstream-secret|ssss/);
      const body = JSON.parse(reply.body ?? '') as { credentials?: { accessKeyId: string } };
      return { status: reply.statusCode, id: body.credentials?.accessKeyId, log };
    };
  };

  // SCF's Node 20 has no node:sqlite.
  it.each([
    ['aws', 'sqlite'],
    ['aws', 'redis'],
    ['aws', 'dynamodb'],
    ['tencent', 'redis'],
    ['tencent', 'dynamodb'],
  ] as const)('on %s, with %s, mint once for all of their instances', async (target, kind) => {
    if (kind === 'redis' && redis === undefined) return;
    const call = await deploy(target, kind);
    const before = mints;
    const first = await call();
    expect(first).toMatchObject({ status: 200, id: `ASIAMINTED${before + 1}` });
    expect(await call()).toMatchObject({ status: 200, id: first.id });
    expect(mints).toBe(before + 1);
  });

  it('mint for each instance if the store is memory', async () => {
    const call = await deploy('aws', 'memory');
    const before = mints;
    expect([await call(), await call()].map(({ status }) => status)).toEqual([200, 200]);
    expect(mints).toBe(before + 2);
  });
});
