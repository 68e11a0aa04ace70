import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clouds } from '../../../lib/clouds/dialects.ts';
import { type LaptopApp, openLaptopApp } from '../../support/app.ts';
import { assume, hear, post } from '../../support/json-api.ts';

interface SdkCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
type Provider = (options: object) => () => Promise<SdkCredentials>;

/** The credential providers that the AWS SDK brings along, by the SDK's own resolution. */
const sdk = createRequire(createRequire(import.meta.url).resolve('@aws-sdk/client-sts'));
const { fromHttp } = sdk('@aws-sdk/credential-provider-http') as { fromHttp: Provider };
const { fromProcess } = sdk('@aws-sdk/credential-provider-process') as { fromProcess: Provider };

let app: LaptopApp;
let folder: string;

beforeAll(async () => {
  app = await openLaptopApp();
  folder = mkdtempSync(join(tmpdir(), 'credmint-formats-'));
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the default format', () => {
  it.each(clouds.map(({ id }) => id))('says whole credentials of %s', async (account) => {
    const { status, headers, body } = await post(app, '/assumeRole', assume(app, account, { durationSeconds: 1800 }));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toMatchObject({
      requestId: headers.get('x-request-id'),
      account,
      cloud: account,
      credentials: {
        accessKeyId: expect.stringMatching(/^.{16,}$/),
        secretAccessKey: expect.stringMatching(/^.{40}$/),
        sessionToken: expect.stringMatching(/^.{100,}$/),
        expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    });
    const lasts = Date.parse(body.credentials.expiration) - Date.now();
    expect(lasts).toBeGreaterThan(1_790_000);
    expect(lasts).toBeLessThanOrEqual(1_800_000);
  });

  it('says who the caller is', async () => {
    const { body } = await post(app, '/getCallerIdentity', {});
    expect(body.identity.arn).toMatch(/^arn:aws:iam::\d{12}:user\/local$/);
    const { body: upstream } = await post(app, '/getCallerIdentity', { account: 'aws' });
    expect(upstream.identity.arn).toMatch(/^arn:aws:iam::\d{12}:user\/upstream$/);
  });
});

describe('aws-process', () => {
  it('is what the AWS SDK reads from a process', async () => {
    const script = join(folder, 'process.mjs');
    writeFileSync(
      script,
      `const [url, token, body] = process.argv.slice(2);
       const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
       const answer = await fetch(url + '/assumeRole?format=aws-process', { method: 'POST', headers, body: atob(body) });
       process.stdout.write(await answer.text());`,
    );
    const body = btoa(JSON.stringify(assume(app)));
    const config = join(folder, 'config');
    writeFileSync(
      config,
      `[profile minted]\ncredential_process = ${process.execPath} ${script} ${app.url} ${app.access.token} ${body}\n`,
    );
    const credentials = await fromProcess({
      profile: 'minted',
      configFilepath: config,
      filepath: join(folder, 'none'),
    })();
    expect(credentials).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
      secretAccessKey: expect.stringMatching(/^.{40}$/),
      sessionToken: expect.any(String),
    });
    expect(credentials.expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  });

  it('has a Version that is a number', async () => {
    const { body } = await post(app, '/assumeRole?format=aws-process', assume(app));
    expect(Object.keys(body)).toEqual(['Version', 'AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration']);
    expect(body.Version).toBe(1);
  });
});

describe('aws-container', () => {
  const target = (more = '') =>
    `${app.url}/assumeRole?format=aws-container&account=aws&roleArn=${encodeURIComponent(app.access.roles['aws'] ?? '')}&roleSessionName=me${more}`;

  it.each([
    ['as SDKs send a token, without a scheme', (token: string) => token],
    ['as a Bearer', (token: string) => `Bearer ${token}`],
  ])('is what the AWS SDK reads over HTTP, %s', async (_name, authorization) => {
    const provider = fromHttp({
      awsContainerCredentialsFullUri: target(),
      awsContainerAuthorizationToken: authorization(app.access.token),
    });
    const credentials = await provider();
    expect(credentials).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
      secretAccessKey: expect.stringMatching(/^.{40}$/),
      sessionToken: expect.any(String),
    });
    expect(credentials.expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  });

  it('refuses so that the AWS SDK can say why', async () => {
    const provider = fromHttp({
      awsContainerCredentialsFullUri: target('&durationSeconds=1'),
      awsContainerAuthorizationToken: app.access.token,
      maxRetries: 0,
    });
    await expect(provider()).rejects.toMatchObject({
      Code: 'InvalidDuration',
      Message: expect.stringContaining('900'),
    });
  });

  it('takes a token without a scheme for nothing else', async () => {
    const { status, body } = await post(app, '/assumeRole', assume(app), { authorization: app.access.token });
    expect([status, body.code]).toEqual([401, 'MalformedAuthorization']);
  });
});

describe('cos', () => {
  it("is what cos-js-sdk-v5's getAuthorization hands to its callback", async () => {
    const { body } = await post(app, '/assumeRole?format=cos', assume(app, 'tencent-v3', { durationSeconds: 1800 }));
    expect(Object.keys(body).sort()).toEqual([
      'ExpiredTime',
      'SecurityToken',
      'StartTime',
      'TmpSecretId',
      'TmpSecretKey',
    ]);
    expect(body.ExpiredTime - body.StartTime).toBeGreaterThan(1_700);
    expect(body.ExpiredTime - body.StartTime).toBeLessThanOrEqual(1800);
    expect(String(body.StartTime)).toMatch(/^\d{10}$/);
  });
});

describe('cos-sts', () => {
  it('is what qcloud-cos-sts gives, and a mini-program with cos-wx-sdk-v5 expects of its server', async () => {
    const asked = assume(app, 'tencent-v3', { durationSeconds: 1800 });
    const { body } = await post(app, '/assumeRole?format=cos-sts', asked);
    expect(body).toEqual({
      credentials: {
        tmpSecretId: expect.stringMatching(/^AKID/),
        tmpSecretKey: expect.any(String),
        sessionToken: expect.any(String),
      },
      startTime: expect.any(Number),
      expiredTime: Date.parse(body.expiration) / 1000,
      expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      requestId: expect.any(String),
    });
    expect(body.expiredTime - body.startTime).toBeGreaterThanOrEqual(1799);
  });
});

describe('dotenv', () => {
  it.each(
    clouds.map(
      ({ id, variableNames: { accessKeyId, secretAccessKey, sessionToken, expiration } }) =>
        [id, [accessKeyId, secretAccessKey, sessionToken, expiration ?? []].flat()] as const,
    ),
  )("has the variables of %s's own tools, as a shell takes them", async (account, names) => {
    const { headers, text } = await post(app, '/assumeRole?format=dotenv', assume(app, account));
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const lines = text.trimEnd().split('\n');
    expect(lines.every((line) => /^[A-Z][A-Z0-9_]*='[^'\n]+'$/.test(line))).toBe(true);
    expect(lines.map((line) => line.slice(0, line.indexOf('=')))).toEqual(expect.arrayContaining([...names]));
  });
});

describe('a problem', () => {
  it('is one of RFC 9457, with our code and nothing that was sent', async () => {
    const { status, headers, body, text } = await post(
      app,
      '/assumeRole',
      assume(app, 'aws', { roleArn: 'arn:aws:iam::123456789012:role/a-role-of-my-own' }),
    );
    expect(status).toBe(403);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({
      type: 'urn:credmint:error:AccessDenied',
      title: 'This is not allowed.',
      status: 403,
      detail: expect.any(String),
      code: 'AccessDenied',
      requestId: headers.get('x-request-id'),
      retryable: false,
    });
    expect(text).not.toContain('a-role-of-my-own');
  });

  it('names the parameter at fault', async () => {
    const { body } = await post(app, '/assumeRole', assume(app, 'aws', { durationSeconds: 0 }));
    expect(body).toMatchObject({ code: 'InvalidDuration', parameter: 'durationSeconds', status: 400 });
  });

  it('says what the cloud said, by its code and id', async () => {
    const { status, body } = await post(app, '/assumeRole', assume(app, 'aws', { policy: { not: 'a policy' } }));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'MalformedPolicy',
      upstream: { status: 400, code: 'MalformedPolicyDocument', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('says how to prove oneself, and which methods there are', async () => {
    const { status, headers } = await post(app, '/assumeRole', assume(app), { authorization: '' });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const refused = await hear(await fetch(`${app.url}/assumeRole`, { method: 'PUT' }));
    expect([refused.status, refused.headers.get('allow'), refused.body.code]).toEqual([
      405,
      'GET, POST',
      'MethodNotAllowed',
    ]);
  });

  it.each(['/', '/nowhere', '/assumeRole/', '/assumerole', '/%61ssumeRole'])(
    'says that nothing is at %s',
    async (path) => {
      const { status, body } = await post(app, path, {});
      expect([status, body.code]).toEqual([404, 'NotFound']);
    },
  );

  it('comes in the format that was asked for only where that is a format for problems', async () => {
    for (const format of ['cos', 'dotenv', 'aws-process']) {
      const { body } = await post(app, `/assumeRole?format=${format}`, {});
      expect(body.code).toBe('MissingParameter');
    }
  });
});
