import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replyOf, type ServedApp, serveApp } from '../../support/app.ts';
import { certify } from '../../support/certificates.ts';
import { httpApiEvent, restApiEvent, scfEvent } from '../../support/gateway-events.ts';

const job = certify({
  subject: 'CN=job',
  by: certify({ subject: 'O=Acme, CN=CA', ca: true }),
  uris: ['spiffe://acme.example/job'],
});

let app: ServedApp;
const gateway = { id: 'a1b2c3', account: '111122223333' };

beforeAll(async () => {
  app = await serveApp({
    config: {
      callers: {
        app: { authorizer: { gateway, kind: 'jwt', claims: { iss: 'https://idp.example', sub: 'alice' } } },
        role: {
          authorizer: { gateway, kind: 'iam', claims: { userArn: 'arn:aws:sts::111122223333:assumed-role/ci/*' } },
        },
        device: { authorizer: { gateway, kind: 'lambda', claims: { deviceId: 'd-*' } } },
        partner: {
          authorizer: {
            gateway: { platform: 'tencent', id: 'service-abc' },
            kind: 'key',
            claims: { secretId: 'AKIDpartner' },
          },
        },
        job: { certificate: { from: { gateway }, spiffe: 'spiffe://acme.example/job' } },
      },
    },
  });
});
afterAll(() => app.close());

const v2 = httpApiEvent;
const v1 = (context: object, identity: object = {}) =>
  restApiEvent({ identity: { sourceIp: '192.0.2.1', userArn: null, ...identity }, ...context });
const scf = (identity: object) => scfEvent({ identity });

const send = async (event: unknown) => ({ ...replyOf(await app.handle(event)), record: app.records.at(-1) });
const userArn = 'arn:aws:sts::111122223333:assumed-role/ci/runner';

describe('what a gateway vouches for', () => {
  it.each([
    [
      "an HTTP API's JWT authorizer",
      v2({ authorizer: { jwt: { claims: { iss: 'https://idp.example', sub: 'alice' }, scopes: null } } }),
      'app',
    ],
    [
      "an HTTP API's IAM authorizer",
      v2({ authorizer: { iam: { userArn, accountId: '111122223333', cognitoIdentity: null } } }),
      'role',
    ],
    ["an HTTP API's Lambda authorizer", v2({ authorizer: { lambda: { deviceId: 'd-7' } } }), 'device'],
    [
      "an HTTP API's mutual TLS",
      v2({ authentication: { clientCert: { clientCertPem: job.pem, subjectDN: 'CN=job' } } }),
      'job',
    ],
    [
      "a REST API's Cognito authorizer",
      v1({ authorizer: { claims: { iss: 'https://idp.example', sub: 'alice' } } }),
      'app',
    ],
    ["a REST API's IAM authorizer", v1({}, { userArn, accountId: '111122223333' }), 'role'],
    [
      "a REST API's Lambda authorizer",
      v1({ authorizer: { principalId: 'p', deviceId: 'd-7', integrationLatency: 3 } }),
      'device',
    ],
    ["a REST API's mutual TLS", v1({}, { clientCert: { clientCertPem: job.pem } }), 'job'],
    ["a key of Tencent's gateway", scf({ secretId: 'AKIDpartner' }), 'partner'],
  ])('proves its caller: %s', async (_, event, caller) => {
    expect(await send(event)).toMatchObject({ status: 200, record: { caller, outcome: 'Done' } });
  });

  it.each([
    ['by another API', v2({ authorizer: { lambda: { deviceId: 'd-7' } } }, {}, 'other')],
    ['by nobody', v2({})],
    ['by nobody of a REST API', v1({ authorizer: {} })],
    ["by nobody of Tencent's gateway", scf({})],
    [
      'in a header',
      v2({}, { 'x-amzn-authorizer': 'alice', 'x-forwarded-client-cert': `Cert="${encodeURIComponent(job.pem)}"` }),
    ],
  ])('proves nobody %s', async (_, event) => {
    expect(await send(event)).toMatchObject({ status: 401, record: { outcome: 'Unauthenticated' } });
  });

  it.each([
    [
      "claims that are nobody's",
      v2({ authorizer: { jwt: { claims: { iss: 'https://idp.example', sub: 'mallory' } } } }),
      'AuthorizerUnknown',
    ],
    [
      'a certificate that is none',
      v2({ authentication: { clientCert: { clientCertPem: 'none' } } }),
      'CertificateUnreadable',
    ],
  ])('is a false proof with %s', async (_, event, proofFault) => {
    expect(await send(event)).toMatchObject({ status: 401, record: { outcome: 'Unauthenticated', proofFault } });
  });

  it('is noted where nobody is configured to believe it', async () => {
    const { record } = await send(v2({ authorizer: { lambda: { deviceId: 'd-7' } } }, {}, 'other'));
    expect(record?.ignored).toEqual(["a gateway's lambda authorizer"]);
  });

  it('counts for the signature that it checked itself', async () => {
    const signed = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=ASIAX/20261122/eu-central-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=' +
        '0'.repeat(64),
      'x-amz-date': '20261122T120000Z',
    };
    const iam = { userArn, accountId: '111122223333', accessKey: 'ASIAX' };
    expect(await send(v2({ authorizer: { iam } }, signed))).toMatchObject({
      status: 200,
      record: { caller: 'role', proof: 'gateway' },
    });
    expect(await send(v2({ authorizer: { iam: { ...iam, accessKey: 'ASIAY' } } }, signed))).toMatchObject({
      status: 401,
      record: { outcome: 'UnknownKey' },
    });
  });
});
