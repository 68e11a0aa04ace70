import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openBuilt } from '../../lib/config/built.ts';
import { fetchConfig } from '../../lib/config/load.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { builtFor } from '../../scripts/package/built-for.ts';
import { writtenOf } from '../support/packaged/written.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-built-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, 'credmint.config.json');
const json = {
  accounts: {
    aws: { cloud: 'aws', endpoint: 'https://sts.amazonaws.com', key: { id: 'AKIA', secret: 'ssm:/live/aws' } },
  },
  callers: { ci: { accessKey: { id: 'AKIDCI', secret: 'env:CI_SECRET' } } },
  grants: [
    { name: 'ci', callers: ['ci'], account: 'aws', operations: ['AssumeRole'], roles: ['arn:aws:iam::*:role/demo'] },
  ],
};
const text = JSON.stringify(json);
const environment = {
  CI_SECRET: 'of the caller',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'A',
  AWS_SECRET_ACCESS_KEY: 's',
};

const asked: HttpRequest[] = [];
const deps = {
  now: () => new Date(),
  transport: async (request: HttpRequest) => {
    asked.push(request);
    return { status: 200, headers: {}, body: JSON.stringify({ Parameter: { Value: 'of the account' } }) };
  },
};

const { configuration = expect.unreachable() } = builtFor('assumeRole', 'aws', { written: writtenOf(json), text });
const open = (isNamed = false, at = path) => openBuilt(configuration, { path: at, isNamed }, environment, deps);

describe('a configuration that a function was built for', () => {
  it('is what its file is, read and checked anew', async () => {
    writeFileSync(path, text);
    const [built, read] = [await open(), await fetchConfig(path, environment, deps)];
    const parts = ({ accounts, grants, keys, store, audit }: typeof read) =>
      JSON.stringify([[...accounts], grants, keys, store, audit]);

    expect(parts(built)).toBe(parts(read));
    expect(built.accounts.get('aws')?.key?.secret.reveal()).toBe('of the account');
    expect(built.keys[0]?.secret.reveal()).toBe('of the caller');
  });

  it('holds references, and no secret', () => {
    expect(JSON.stringify(configuration)).toContain('ssm:/live/aws');
    expect(JSON.stringify(configuration)).not.toMatch(/of the (account|caller)/);
    expect(configuration.digest).toBe(hash('sha256', text, 'hex'));
  });

  it('is opened without a file, unless the environment names one', async () => {
    const nowhere = join(folder, 'nowhere.json');

    expect((await open(false, nowhere)).grants).toHaveLength(1);
    await expect(open(true, nowhere)).rejects.toThrow(`${nowhere}: cannot be read`);
  });

  it('is refused beside another one, before any place of secrets is asked', async () => {
    writeFileSync(path, `${text} `);
    asked.length = 0;

    await expect(open()).rejects.toThrow('is another configuration than this function was built for');
    expect(asked).toEqual([]);
  });

  it('names a reference that leads nowhere where it runs', async () => {
    writeFileSync(path, text);
    const { CI_SECRET: _, ...without } = environment;

    await expect(openBuilt(configuration, { path, isNamed: false }, without, deps)).rejects.toThrow(
      'callers.ci.accessKey.secret: refers to env:CI_SECRET, which is missing or empty',
    );
  });
});
