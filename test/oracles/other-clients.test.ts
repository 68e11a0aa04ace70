import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import aws4 from 'aws4';
import { AwsClient } from 'aws4fetch';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { neverTwice, unproxied } from '../support/oracle-environment.ts';
import { record } from '../support/store-recorder.ts';

// Clients that callers have besides those of the other files: each as it is, against a laptop's server.

const require = createRequire(import.meta.url);

neverTwice();
unproxied();

let app: LaptopApp;
beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

const key = () => ({ accessKeyId: app.access.accessKey.id, secretAccessKey: app.access.accessKey.secret });
const identityQuery = 'Action=GetCallerIdentity&Version=2011-06-15';

describe('a URL that asks who its signer is, and does not say how long it is valid', () => {
  it('is answered as aws4 signs it', async () => {
    const { host } = new URL(app.url);
    const path = `/?${identityQuery}`;
    const signed = aws4.sign({ host, path, service: 'sts', region: 'us-east-1', signQuery: true }, key());
    expect(signed.path).not.toContain('X-Amz-Expires');
    const response = await fetch(`${app.url}${signed.path}`);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(':user/local')]);
  });

  it('is answered as aws4fetch signs it, and by its headers too', async () => {
    const client = new AwsClient({ ...key(), service: 'sts', region: 'us-east-1', retries: 0 });
    const signed = await client.sign(`${app.url}/?${identityQuery}`, { aws: { signQuery: true } });
    expect(signed.url).not.toContain('X-Amz-Expires');
    expect((await fetch(signed)).status).toBe(200);
    const response = await client.fetch(`${app.url}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: identityQuery,
    });
    expect(response.status).toBe(200);
  });
});

describe('version 2 of the AWS SDK', () => {
  it('assumes a role, and is told of a parameter at fault', async () => {
    const { STS } = require('aws-sdk');
    const sts = new STS({ ...key(), endpoint: app.url, region: 'us-east-1', maxRetries: 0 });
    const asked = { RoleArn: app.access.roles['aws'], RoleSessionName: 'me' };
    const { Credentials } = await sts.assumeRole(asked).promise();
    expect(Credentials.AccessKeyId).toMatch(/^ASIA/);
    const tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    await expect(sts.assumeRole({ ...asked, Tags: tags }).promise()).rejects.toMatchObject({
      code: 'ValidationError',
      statusCode: 400,
    });
  });

  it('goes from role to role, and shows identity tokens', async () => {
    const { ChainableTemporaryCredentials, Credentials, STS, WebIdentityCredentials } = require('aws-sdk');
    const stsConfig = { endpoint: app.url, region: 'us-east-1', maxRetries: 0 };
    const params = { RoleArn: app.access.roles['aws'], RoleSessionName: 'v2' };
    const masterCredentials = new Credentials(key());
    const chained = new ChainableTemporaryCredentials({
      params,
      stsConfig,
      masterCredentials: new ChainableTemporaryCredentials({ params, stsConfig, masterCredentials }),
    });
    const web = new WebIdentityCredentials({ ...params, WebIdentityToken: `${app.access.token}\n` }, stsConfig);
    for (const credentials of [chained, web]) {
      await credentials.getPromise();
      const { Arn } = await new STS({ ...stsConfig, credentials }).getCallerIdentity().promise();
      expect(Arn).toMatch(/:assumed-role\/demo\/v2$/);
    }
  });
});

describe("MinIO's client", () => {
  it('assumes a role', async () => {
    const { AssumeRoleProvider } = require('minio/dist/main/AssumeRoleProvider.js');
    const provider = new AssumeRoleProvider({
      stsEndpoint: app.url,
      accessKey: key().accessKeyId,
      secretKey: key().secretAccessKey,
      roleArn: app.access.roles['aws'],
      roleSessionName: 'me',
      region: 'us-east-1',
    });
    expect((await provider.getCredentials()).getAccessKey()).toMatch(/^ASIA/);
  });

  it('shows the token of a file as it is, in the query of a POST without a body', async () => {
    const asked = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: app.access.roles['aws'] ?? '',
      RoleSessionName: '1764172800000',
      Version: '2011-06-15',
      WebIdentityToken: `${app.access.token}\n`,
    });
    const response = await fetch(`${app.url}/?${asked}`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('<AccessKeyId>ASIA')]);
  });
});

describe("COS's SDK", () => {
  it('asks the server itself for what it signs by', async () => {
    const bucket = await record(() => ({ body: {} }));
    const asked = { account: 'tencent-v3', roleArn: app.access.roles['tencent-v3'], roleSessionName: 'cos' };
    let keyId: string | undefined;
    try {
      const cos = new COS({
        Protocol: 'http:',
        Domain: bucket.url.host,
        getAuthorization: async (_options, callback) => {
          const reply = await fetch(`${app.url}/assumeRole?format=cos`, {
            method: 'POST',
            headers: { authorization: `Bearer ${app.access.token}`, 'content-type': 'application/json' },
            body: JSON.stringify(asked),
          });
          const given = (await reply.json()) as COS.GetAuthorizationCallbackParams & { TmpSecretId: string };
          keyId = given.TmpSecretId;
          callback(given);
        },
      });
      await cos.headObject({ Bucket: 'b-1250000000', Region: 'ap-guangzhou', Key: 'a b/データ' });
    } finally {
      await bucket.close();
    }
    expect(bucket.requests[0]?.headers).toMatchObject({
      authorization: expect.stringContaining(`q-ak=${keyId}&`),
      'x-cos-security-token': expect.stringMatching(/./),
    });
  });
});

interface Reply {
  readonly Credentials: { readonly TmpSecretId: string };
}

describe('the international SDK of Tencent Cloud', () => {
  it.each(['POST', 'GET'])('assumes a role by %s', async (reqMethod) => {
    const { common, sts } = require('tencentcloud-sdk-nodejs-intl-en');
    const http = Object.assign(new common.HttpProfile(), {
      endpoint: new URL(app.url).host,
      protocol: 'http://',
      reqMethod,
    });
    const profile = Object.assign(new common.ClientProfile(), { httpProfile: http });
    const { Client, Models } = sts.v20180813;
    const credential = new common.Credential(key().accessKeyId, key().secretAccessKey);
    const client = new Client(credential, 'ap-singapore', profile);
    const asked = { RoleArn: app.access.roles['tencent-v3'], RoleSessionName: 'me' };
    const assumeRole = promisify((more: object, done: (error: unknown, reply?: Reply) => void) =>
      client.AssumeRole(more, done),
    );
    const { Credentials } = (await assumeRole(Object.assign(new Models.AssumeRoleRequest(), asked))) ?? {
      Credentials: { TmpSecretId: '' },
    };
    expect(Credentials.TmpSecretId).toMatch(/^AKID/);
  });
});
