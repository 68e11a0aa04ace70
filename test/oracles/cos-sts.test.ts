import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ServedApp } from '../support/app.ts';
import { certify } from '../support/certificates.ts';
import { frozen, neverTwice, unproxied } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

// The helper speaks HTTPS and nothing else, so it is met by a server with a certificate.

interface Given {
  readonly credentials: { readonly tmpSecretId: string; readonly tmpSecretKey: string; readonly sessionToken: string };
  readonly startTime: number;
  readonly expiredTime: number;
  readonly expiration: string;
  readonly requestId: string;
}
interface Helper {
  getCredential(options: object): Promise<Given>;
  getRoleCredential(options: object): Promise<Given>;
  getPolicy(scope: readonly object[]): object;
}
interface Axios {
  readonly defaults: { httpsAgent?: Agent };
}

const require = createRequire(import.meta.url);
const helper: Helper = require('qcloud-cos-sts');
const axios: Axios = createRequire(require.resolve('qcloud-cos-sts'))('axios');

const authority = certify({ subject: 'O=Acme, CN=CA', ca: true });
const server = certify({ subject: 'CN=credmint', by: authority, ips: ['127.0.0.1'] });
const agent = new Agent({ ca: authority.pem, keepAlive: true });

neverTwice();
unproxied();

let app: ServedApp;

beforeAll(async () => {
  axios.defaults.httpsAgent = agent;
  app = await openRoles({
    more: { tls: { cert: 'env:CERT', key: 'env:KEY' } },
    environment: { CERT: server.pem, KEY: server.keyPem },
  });
});
afterEach(() => {
  app.skewMs = 0;
  vi.useRealTimers();
});
afterAll(async () => {
  delete axios.defaults.httpsAgent;
  agent.destroy();
  await app.close();
});

const policy = () =>
  helper.getPolicy([{ action: 'name/cos:PutObject', bucket: 'b-125', region: 'ap-beijing', prefix: 'a b/データ/*' }]);
const options = (more: object = {}) => ({
  secretId: ci.id,
  secretKey: ci.secret,
  endpoint: new URL(app.url).host,
  policy: policy(),
  ...more,
});
const roleArn = (name: string) => `qcs::cam::uin/12345678:roleName/${name}`;

/** What the helper throws: the vendor's error, with the id of the request. */
const failure = async (act: Promise<unknown>) => {
  try {
    await act;
  } catch (thrown) {
    const { Code, Message, RequestId } = thrown as Record<'Code' | 'Message' | 'RequestId', string>;
    expect(RequestId).toBe(app.records.at(-1)?.requestId);
    return { Code, Message };
  }
  throw new Error('It was allowed.');
};

/** What the helper makes of a reply; the start is its own reckoning. */
const given = () => ({
  credentials: {
    tmpSecretId: expect.stringMatching(/^AKID/),
    tmpSecretKey: expect.stringMatching(/^.{40}$/),
    sessionToken: expect.any(String),
  },
  expiration: expect.stringMatching(/Z$/),
  expiredTime: expect.any(Number),
  startTime: expect.closeTo(Date.now() / 1000, -1),
  requestId: app.records.at(-1)?.requestId,
});

describe("Tencent's helper for COS", () => {
  it('gets a federation token, principal, two layers of encoding, no SignatureMethod and all', async () => {
    const answer = await helper.getCredential(options());
    expect(answer).toEqual(given());
    expect(app.records.at(-1)).toMatchObject({
      dialect: 'tencent-v3',
      sessionName: 'cos-sts-nodejs',
      durationSeconds: 1800,
    });
    await helper.getCredential(options({ durationSeconds: 7200 }));
    expect(app.records.at(-1)).toMatchObject({ durationSeconds: 7200 });
  });

  it('assumes a role', async () => {
    const answer = await helper.getRoleCredential(options({ roleArn: roleArn('s3assumeRole') }));
    expect(answer).toEqual(given());
    expect(app.records.at(-1)).toMatchObject({ operation: 'AssumeRole', sessionName: 'cos-sts-nodejs' });
  });

  it('is told who is not known, and which secret is wrong', async () => {
    expect(await failure(helper.getCredential(options({ secretKey: 'wrong' })))).toEqual({
      Code: 'AuthFailure.SignatureFailure',
      Message: 'The provided credentials could not be validated. Please check your signature is correct.',
    });
    expect(await failure(helper.getCredential(options({ secretId: 'AKIDNOBODY' })))).toMatchObject({
      Code: 'AuthFailure.SecretIdNotFound',
    });
    // It knows no tokens, so a temporary key is a stranger's.
    const { credentials } = await helper.getCredential(options());
    const session = { secretId: credentials.tmpSecretId, secretKey: credentials.tmpSecretKey };
    expect(await failure(helper.getCredential(options(session)))).toMatchObject({
      Code: 'AuthFailure.SecretIdNotFound',
    });
  });

  it('is told of a clock that is off, and of a nonce that was seen before', async () => {
    const Code = 'AuthFailure.SignatureExpire';
    for (const minutes of [-5.1, 5.1]) {
      app.skewMs = minutes * 60_000;
      expect(await failure(helper.getCredential(options()))).toMatchObject({ Code });
    }
    app.skewMs = 0;
    await frozen(async () => {
      await helper.getCredential(options());
      expect(await failure(helper.getCredential(options()))).toMatchObject({ Code });
      expect(app.records.at(-1)?.outcome).toBe('RequestReplayed');
    });
    await helper.getCredential(options());
  });

  it.each<[string, object, string]>([
    ['a role that is not there', { roleArn: roleArn('nobody') }, 'ResourceNotFound.RoleNotFound'],
    ['a role that does not trust it', { roleArn: roleArn('closed') }, 'UnauthorizedOperation'],
    ['no role', { roleArn: '' }, 'MissingParameter'],
    ['more than the role gives', { roleArn: roleArn('short'), durationSeconds: 901 }, 'InvalidParameter.OverTimeError'],
    ['more than any role gives', { durationSeconds: 43_201 }, 'InvalidParameter.OverTimeError'],
    ['no duration at all', { durationSeconds: -1 }, 'InvalidParameter'],
    ['a policy that is none', { policy: 'none' }, 'InvalidParameter.StrategyFormatError'],
    ['a policy without statements', { policy: { version: '2.0' } }, 'InvalidParameter.StrategyFormatError'],
    [
      'a policy with no such effect',
      { policy: { version: '2.0', statement: [{ effect: 'maybe', action: '*', resource: '*' }] } },
      'InvalidParameter.StrategyInvalid',
    ],
  ])('is told of %s', async (_name, more, Code) => {
    const role = { roleArn: roleArn('s3assumeRole') };
    expect(await failure(helper.getRoleCredential(options({ ...role, ...more })))).toMatchObject({ Code });
  });

  it('is told of a federation token for too long', async () => {
    expect(await failure(helper.getCredential(options({ durationSeconds: 129_601 })))).toMatchObject({
      Code: 'InvalidParameter.OverTimeError',
    });
  });
});
