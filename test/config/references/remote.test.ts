import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchConfig } from '../../../lib/config/load.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { readSigv4, verifySigv4 } from '../../../lib/signers/sigv4-verify.ts';
import { readTc3, verifyTc3 } from '../../../lib/signers/tc3.ts';
import { nodeTransport } from '../../../lib/transport/node-http.ts';
import { type Answer, type Recorder, record } from '../../support/store-recorder.ts';

const own = { id: 'AKIDOFTHEROLE', secret: 'secret-of-the-role' };
const kept: Record<string, string> = {};
const folder = mkdtempSync(join(tmpdir(), 'credmint-references-'));
const path = join(folder, 'credmint.config.json');
let vault: Recorder;
let down = false;

/** Parameter Store, Secrets Manager and Tencent's SSM in one, which believes what is signed with the role's key alone. */
const answer = (request: HttpRequest): Answer => {
  if (down) return { status: 500 };
  const input = JSON.parse(request.body);
  const secret = new Secret(own.secret);
  const target = request.headers['x-amz-target'];
  if (target === undefined) {
    const proof = readTc3(request);
    if (proof?.scope.service !== 'ssm' || !verifyTc3(request, proof, secret)) {
      return { body: { Response: { Error: { Code: 'AuthFailure.SignatureFailure' } } } };
    }
    const SecretString = kept[`tencent-ssm:${input.SecretName}`];
    if (SecretString === undefined) return { body: { Response: { Error: { Code: 'ResourceNotFound' } } } };
    return { body: { Response: { SecretName: input.SecretName, VersionId: input.VersionId, SecretString } } };
  }
  const proof = readSigv4(request);
  if ('fault' in proof || !verifySigv4(request, proof, secret)) {
    return { status: 400, body: { __type: 'InvalidSignatureException' } };
  }
  if (target === 'AmazonSSM.GetParameter') {
    const Value = input.WithDecryption === true ? kept[`ssm:${input.Name}`] : 'closed';
    if (Value === undefined) return { status: 400, body: { __type: 'ParameterNotFound' } };
    return { body: { Parameter: { Name: input.Name, Value } } };
  }
  const SecretString = kept[`secretsmanager:${input.SecretId}`];
  if (SecretString === undefined) return { status: 400, body: { __type: 'ResourceNotFoundException' } };
  return { body: { Name: input.SecretId, SecretString } };
};

const environment = () => ({
  AWS_ACCESS_KEY_ID: own.id,
  AWS_SECRET_ACCESS_KEY: own.secret,
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL_SSM: vault.url.origin,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: vault.url.origin,
  TENCENTCLOUD_SECRETID: own.id,
  TENCENTCLOUD_SECRETKEY: own.secret,
  TENCENTCLOUD_SSM_ENDPOINT: vault.url.origin,
});

const load = () => fetchConfig(path, environment(), { transport: nodeTransport(), now: () => new Date() });

const account = (key: object) => ({ cloud: 'aws', endpoint: 'https://sts.example.com', region: 'us-east-1', key });

beforeAll(async () => {
  vault = await record(answer);
});
beforeEach(() => {
  down = false;
  vault.requests.length = 0;
  Object.assign(kept, {
    'ssm:/credmint/dev/aws': 'of the parameter store',
    'secretsmanager:credmint/dev/key': JSON.stringify({ id: 'AKIDKEPT', secret: 'of the secrets manager' }),
    'tencent-ssm:credmint': 'of tencent',
  });
  writeFileSync(
    path,
    JSON.stringify({
      accounts: {
        one: account({ id: 'AKID1', secret: 'ssm:/credmint/dev/aws' }),
        two: account({ id: 'secretsmanager:credmint/dev/key#id', secret: 'secretsmanager:credmint/dev/key#secret' }),
        three: account({ id: 'AKID3', secret: 'tencent-ssm:credmint' }),
        four: account({ id: 'AKID4', secret: 'ssm:/credmint/dev/aws' }),
      },
    }),
  );
});
afterAll(async () => {
  await vault.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('remote references', () => {
  it('are followed before the configuration is read, each secret once', async () => {
    const { accounts } = await load();

    expect(accounts.get('one')?.key?.secret.reveal()).toBe('of the parameter store');
    expect(accounts.get('two')?.key?.id).toBe('AKIDKEPT');
    expect(accounts.get('two')?.key?.secret.reveal()).toBe('of the secrets manager');
    expect(accounts.get('three')?.key?.secret.reveal()).toBe('of tencent');
    expect(vault.requests).toHaveLength(3);
  });

  it('are read without a byte order mark and without line ends, whole or a member', async () => {
    Object.assign(kept, {
      'ssm:/credmint/dev/aws': '\ufeffof the parameter store\r\n\n',
      'secretsmanager:credmint/dev/key': `\ufeff${JSON.stringify({ id: 'AKIDKEPT\n', secret: 'kept\n' })}\n`,
    });
    const { accounts } = await load();

    expect(accounts.get('one')?.key?.secret.reveal()).toBe('of the parameter store');
    expect([accounts.get('two')?.key?.id, accounts.get('two')?.key?.secret.reveal()]).toEqual(['AKIDKEPT', 'kept']);
  });

  it('that lead nowhere are named, without what they would be', async () => {
    delete kept['ssm:/credmint/dev/aws'];

    await expect(load()).rejects.toThrow(
      'accounts.one.key.secret: refers to ssm:/credmint/dev/aws, which is missing or empty',
    );
  });

  it('may be followed later where the place does not answer now', async () => {
    down = true;
    await expect(load()).rejects.toMatchObject({ code: 'CloudUnavailable' });
    down = false;
    await expect(load()).resolves.toBeDefined();
  });

  it('are not asked for where there are none', async () => {
    writeFileSync(path, '{}');
    await load();

    expect(vault.requests).toEqual([]);
  });

  it('of an account lead to its new key, once it has been changed', async () => {
    const { keyReaders } = await load();
    kept['secretsmanager:credmint/dev/key'] = JSON.stringify({ id: 'AKIDNEW', secret: 'the new one' });
    vault.requests.length = 0;
    const key = await keyReaders.get('two')?.();

    expect(key?.id).toBe('AKIDNEW');
    expect(key?.secret.reveal()).toBe('the new one');
    expect(vault.requests).toHaveLength(1);
  });
});
