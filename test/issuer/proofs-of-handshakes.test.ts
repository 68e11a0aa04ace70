import { Agent, request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, replyOf, type ServedApp, serveApp } from '../support/app.ts';
import { certify } from '../support/certificates.ts';
import { httpApiEvent, restApiEvent, scfEvent } from '../support/gateway-events.ts';
import { ecPem } from '../support/keyless-pair.ts';
import { newKey, issuer as otherIssuer, tokenOf } from '../support/token-issuer.ts';

// `POST /token` by proofs that are not in the request: a handshake's certificate, and a gateway's word.

const url = 'https://id.example.com';
const audience = 'https://api.example';
const spiffe = 'spiffe://acme.example/ns/ci/sa/job';

const authority = certify({ subject: 'O=Acme, CN=CA', ca: true });
const stranger = certify({ subject: 'O=Acme, CN=CA', ca: true });
const host = certify({ subject: 'CN=credmint', by: authority, ips: ['127.0.0.1'] });
const job = certify({ subject: 'O=Acme, CN=job', by: authority, uris: [spiffe] });
const forged = certify({ subject: 'O=Acme, CN=job', by: stranger, uris: [spiffe] });
const unknown = certify({ subject: 'O=Acme, CN=web', by: authority, uris: ['spiffe://acme.example/ns/web/sa/job'] });

const key = newKey();
const gateway = { id: 'a1b2c3', account: '111122223333' };
const scf = { platform: 'tencent', id: 'service-abc' };
const role = 'arn:aws:sts::111122223333:assumed-role/ci/run';

const config = {
  issuer: { url, keys: ['env:EC'] },
  callers: {
    job: { certificate: { from: 'tls', spiffe: 'spiffe://acme.example/ns/ci/**' } },
    proxied: { certificate: { from: 'proxy', spiffe } },
    edge: { certificate: { from: { gateway }, spiffe } },
    agent: { jwt: { issuer: otherIssuer, audience: 'credmint', jwks: 'env:JWKS', algorithms: ['ES256'] } },
    web: { authorizer: { gateway, kind: 'jwt', claims: { iss: 'https://pool.example' } } },
    signer: { authorizer: { gateway, kind: 'iam', claims: { userArn: role } } },
    checked: { authorizer: { gateway, kind: 'lambda', claims: { team: 'shop' } } },
    keyed: { authorizer: { gateway: scf, kind: 'key', claims: { secretId: 'AKIDGATEWAY' } } },
  },
  tls: { cert: 'env:CERT', key: 'env:KEY', clientCa: 'env:CA' },
  proxies: { addresses: ['192.0.2.0/24'], header: 'x-forwarded-client-cert', format: 'envoy' },
  grants: [
    {
      name: 'tokens',
      callers: ['job', 'proxied', 'edge', 'agent', 'web', 'signer', 'checked', 'keyed'],
      account: 'issuer',
      operations: ['IssueToken'],
      token: { audiences: [audience], actors: ['agent'] },
    },
    {
      name: 'credentials',
      callers: ['job', 'web'],
      account: 'authority',
      operations: ['AssumeRole'],
      roles: ['**'],
    },
  ],
};
const environment = {
  EC: ecPem('P-256'),
  CERT: host.pem,
  KEY: host.keyPem,
  CA: authority.pem,
  JWKS: JSON.stringify({ keys: [key.jwk] }),
};

const exchange = (more: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience,
    ...more,
  }).toString();
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const ofJwt = (name: 'subject' | 'actor', token: string) => ({
  [`${name}_token`]: token,
  [`${name}_token_type`]: 'urn:ietf:params:oauth:token-type:jwt',
});

// biome-ignore lint/suspicious/noExplicitAny: a token of any form
const claimsOf = (token: string): any => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('a token exchange over a connection with a client certificate', () => {
  let app: ServedApp;
  beforeAll(async () => {
    app = await serveApp({ config, environment });
  });
  afterAll(() => app.close());

  interface Holder {
    readonly pem: string;
    readonly keyPem: string;
  }
  const ask = (
    holder: Holder | undefined,
    body: string,
    headers: Readonly<Record<string, string>> = {},
    // biome-ignore lint/suspicious/noExplicitAny: an answer of any form
  ): Promise<{ status: number; body: any }> =>
    new Promise((resolve, reject) => {
      const shown = holder === undefined ? {} : { cert: holder.pem, key: holder.keyPem };
      const agent = new Agent({ ca: authority.pem, ...shown });
      const options = { agent, method: 'POST', headers: { ...form, ...headers } };
      const sent = request(`${app.url}/token`, options, async (answer) => {
        let text = '';
        for await (const piece of answer) text += piece;
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  it('gives a token to whom the certificate names, and writes down who it was', async () => {
    const { status, body } = await ask(job, exchange());
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) });
    expect(claimsOf(body.access_token)).toMatchObject({ iss: url, sub: 'caller:job', aud: audience });
    expect(app.records.at(-1)).toMatchObject({
      caller: 'job',
      proof: 'certificate',
      subject: spiffe,
      operation: 'IssueToken',
      grant: 'tokens',
      outcome: 'Done',
      tokenId: claimsOf(body.access_token).jti,
    });
  });

  it('gives credentials too', async () => {
    const asked = {
      requested_token_type: 'urn:credmint:params:oauth:token-type:credentials',
      audience: 'authority',
      resource: 'arn:aws:iam::123456789012:role/demo',
    };
    const { status, body } = await ask(job, exchange(asked));
    expect(status).toBe(200);
    expect(JSON.parse(body.access_token)).toMatchObject({ Version: 1, AccessKeyId: expect.stringMatching(/^ASIA/) });
  });

  it.each<[string, Holder | undefined, string]>([
    ['of an authority of the same name', forged, 'CertificateUntrusted'],
    ['that is nobody’s here', unknown, 'CertificateUnknown'],
  ])('gives nothing for one %s', async (_, holder, proofFault) => {
    expect(await ask(holder, exchange())).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(app.records.at(-1)).toMatchObject({ outcome: 'Unauthenticated', proofFault });
  });

  it('gives nothing without one, whatever a header says of one', async () => {
    for (const headers of [{}, { 'x-forwarded-client-cert': `Cert="${encodeURIComponent(job.pem)}"` }]) {
      expect((await ask(undefined, exchange(), headers)).status).toBe(401);
    }
    expect(app.records.at(-1)).toMatchObject({ ignored: ['the header x-forwarded-client-cert'] });
  });

  it('takes a subject token for the proof, and no certificate in place of a false one', async () => {
    const proven = await ask(job, exchange(ofJwt('subject', tokenOf(key, timely()))));
    expect(claimsOf(proven.body.access_token).sub).toBe('caller:agent');
    const false_ = await ask(job, exchange(ofJwt('subject', tokenOf(newKey(), timely()))));
    expect(false_).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const bearer = { authorization: `Bearer ${tokenOf(newKey(), timely())}` };
    expect((await ask(job, exchange(), bearer)).status).toBe(400);
  });

  it('names the actor whose token comes beside the certificate', async () => {
    const { body } = await ask(job, exchange(ofJwt('actor', tokenOf(key, timely({ sub: 'bot' })))));
    expect(claimsOf(body.access_token)).toMatchObject({ sub: 'caller:job', act: { sub: 'bot', iss: otherIssuer } });
    expect((await ask(job, exchange(ofJwt('actor', tokenOf(newKey(), timely()))))).status).toBe(400);
  });
});

/** Claims of a token that is valid by the true clock. */
const timely = (more: object = {}, at = Date.now()) => {
  const iat = Math.floor(at / 1000);
  return { iat, exp: iat + 600, ...more };
};

describe('a token exchange through a gateway', () => {
  const app = createApp({ config: { ...config, tls: undefined }, environment });
  const asToken = (event: object, body = exchange(), headers: object = {}) => {
    const {
      headers: usual,
      requestContext,
      ...rest
    } = event as {
      headers: object;
      requestContext: { http?: object };
    };
    const { http } = requestContext;
    return {
      ...rest,
      ...('rawPath' in rest ? { rawPath: '/token' } : { path: '/token' }),
      ...('resource' in rest ? { resource: '/token' } : {}),
      headers: { ...usual, ...form, ...headers },
      requestContext: { ...requestContext, ...(http === undefined ? {} : { http: { ...http, path: '/token' } }) },
      body,
    };
  };
  const answerTo = async (event: object): Promise<{ status: number; sub?: string; error?: string }> => {
    const { status, body } = replyOf(await app.handle(event));
    const { access_token: token, error } = body as { access_token?: string; error?: string };
    return { status, ...(token === undefined ? { error: error ?? '' } : { sub: claimsOf(token).sub }) };
  };
  const pool = { iss: 'https://pool.example', sub: 'ada', exp: '1767229200' };
  const iam = { userArn: role, accountId: '111122223333', accessKey: 'ASIAX', callerId: 'AROA:run' };
  const clientCert = { clientCertPem: job.pem };

  it.each<[string, object, string]>([
    ['the JWT authorizer of an HTTP API', httpApiEvent({ authorizer: { jwt: { claims: pool } } }), 'web'],
    ['IAM at an HTTP API', httpApiEvent({ authorizer: { iam } }), 'signer'],
    ['a function of the operator’s', httpApiEvent({ authorizer: { lambda: { team: 'shop' } } }), 'checked'],
    ['the handshake of an HTTP API', httpApiEvent({ authentication: { clientCert } }), 'edge'],
    ['Cognito at a REST API', restApiEvent({ authorizer: { claims: pool } }), 'web'],
    [
      'IAM at a REST API',
      restApiEvent({ identity: { sourceIp: '192.0.2.1', userArn: role, accessKey: 'ASIAX', user: 'AROA:run' } }),
      'signer',
    ],
    [
      'a function of the operator’s at a REST API',
      restApiEvent({ authorizer: { principalId: 'user', team: 'shop' } }),
      'checked',
    ],
    [
      'the handshake of a REST API',
      restApiEvent({ identity: { sourceIp: '192.0.2.1', userArn: null, clientCert } }),
      'edge',
    ],
    ['a key of Tencent’s gateway', scfEvent({ identity: { secretId: 'AKIDGATEWAY' } }), 'keyed'],
  ])('gives a token by the word of %s', async (_, event, caller) => {
    expect(await answerTo(asToken(event))).toEqual({ status: 200, sub: `caller:${caller}` });
    expect(app.records.at(-1)).toMatchObject({ caller, operation: 'IssueToken', outcome: 'Done' });
  });

  it.each<[string, object]>([
    ['of another API', httpApiEvent({ authorizer: { jwt: { claims: pool } } }, {}, 'other')],
    ['of another account', httpApiEvent({ accountId: '999988887777', authorizer: { jwt: { claims: pool } } })],
    ['that names nobody here', httpApiEvent({ authorizer: { jwt: { claims: { ...pool, iss: 'https://other' } } } })],
    ['by another authorizer than the caller has', httpApiEvent({ authorizer: { lambda: pool } })],
    ['of a function that calls another team', httpApiEvent({ authorizer: { lambda: { team: ['shopping'] } } })],
    [
      'with a certificate that is nobody’s',
      httpApiEvent({ authentication: { clientCert: { clientCertPem: unknown.pem } } }),
    ],
    [
      'with a certificate that cannot be read',
      httpApiEvent({ authentication: { clientCert: { clientCertPem: 'x' } } }),
    ],
    ['of another service of Tencent’s', scfEvent({ serviceId: 'other', identity: { secretId: 'AKIDGATEWAY' } })],
    [
      'with two words that name two callers',
      httpApiEvent({ authorizer: { jwt: { claims: pool } }, authentication: { clientCert } }),
    ],
    ['that says nothing', httpApiEvent()],
  ])('gives nothing by the word %s', async (_, event) => {
    expect(await answerTo(asToken(event))).toEqual({ status: 401, error: 'invalid_client' });
  });

  it('takes the word of the gateway for the very token that it verified, and for no other', async () => {
    const at = new Date('2026-01-01T00:00:00Z').getTime();
    const own = { iss: 'https://pool.example', sub: 'ada', ...timely({}, at) };
    const event = (claims: object) =>
      asToken(httpApiEvent({ authorizer: { jwt: { claims } } }), exchange(), {
        authorization: `Bearer ${tokenOf(newKey(), own)}`,
      });
    const verified = { iss: own.iss, sub: own.sub, exp: `${own.exp}` };
    expect(await answerTo(event(verified))).toEqual({ status: 200, sub: 'caller:web' });
    for (const changed of [{ sub: 'bob' }, { exp: `${own.exp + 1}` }, { iss: 'https://pool.example/' }]) {
      expect(await answerTo(event({ ...verified, ...changed }))).toMatchObject({ status: 400 });
    }
    // Nor is it taken for a token in the body, which the gateway did not see.
    const inBody = asToken(
      httpApiEvent({ authorizer: { jwt: { claims: pool } } }),
      exchange(ofJwt('subject', tokenOf(newKey()))),
    );
    expect(await answerTo(inBody)).toMatchObject({ status: 400 });
  });

  it('believes a certificate that a proxy forwards, if the proxy is one of ours', async () => {
    const forwarded = { 'x-forwarded-client-cert': `Hash=x;Cert="${encodeURIComponent(job.pem)}";Subject=""` };
    expect(await answerTo(asToken(httpApiEvent(), exchange(), forwarded))).toEqual({
      status: 200,
      sub: 'caller:proxied',
    });
    const elsewhere = httpApiEvent({ http: { method: 'POST', path: '/token', sourceIp: '198.51.100.1' } });
    expect(await answerTo(asToken(elsewhere, exchange(), forwarded))).toMatchObject({ status: 401 });
  });
});
