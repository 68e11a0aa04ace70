import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { assumeDemoRole, demoRequestBody, demoRole, type ServedApp, serveApp } from '../support/app.ts';
import { at, internet, issuer, newKey, now, proving, ruleOf, tokenOf } from '../support/token-issuer.ts';

// Breaks of other people's token services that were published, replayed. Each is named as it was.

const key = newKey('RS256');
const prove = proving([ruleOf([key], { algorithms: ['RS256'] })]);
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('CVE-2024-48916 (Ceph RGW): the algorithm that the token names is the one that is used', () => {
  it.each(['none', 'None', 'nOnE', 'HS256', 'HS384', 'HS512', 'ES256', 'dir', 'RSA1_5', 'A128KW'])(
    '%s',
    async (alg) => {
      const [, payload] = tokenOf(key).split('.');
      for (const signature of ['', 'AA', createHmac('sha256', '').update('x').digest('base64url')]) {
        const answer = await prove(`${encoded({ alg, kid: key.jwk.kid })}.${payload}.${signature}`);
        expect(answer).toMatchObject({ refused: 'InvalidIdentityToken' });
      }
    },
  );
});

describe('CVE-2026-33322 (MinIO): a public key is taken for the secret of an HMAC', () => {
  const publicKey = createPublicKey({ key: key.jwk as never, format: 'jwk' });
  const secrets: readonly (readonly [string, string | Buffer])[] = [
    ['PEM', publicKey.export({ type: 'spki', format: 'pem' })],
    ['PEM without its final newline', String(publicKey.export({ type: 'spki', format: 'pem' })).trim()],
    ['PKCS #1', publicKey.export({ type: 'pkcs1', format: 'pem' })],
    ['DER', publicKey.export({ type: 'spki', format: 'der' })],
    ['JWK', JSON.stringify(key.jwk)],
    ['the modulus', Buffer.from(key.jwk.n ?? '', 'base64url')],
    ['nothing', ''],
  ];

  it.each(secrets)('as %s', async (_, secret) => {
    const [, payload] = tokenOf(key).split('.');
    for (const bits of [256, 384, 512]) {
      const head = encoded({ alg: `HS${bits}`, kid: key.jwk.kid });
      const signature = createHmac(`sha${bits}`, secret).update(`${head}.${payload}`).digest('base64url');
      expect(await prove(`${head}.${payload}.${signature}`)).toMatchObject({ fault: 'AlgorithmRefused' });
    }
  });

  it('nor does a symmetric key that the issuer publishes count', async () => {
    const secret = Buffer.from('a secret that everybody can read');
    const url = `${issuer}/keys`;
    const published = { keys: [{ kty: 'oct', kid: 'k', k: secret.toString('base64url') }, key.jwk] };
    const rule = ruleOf([key], { keys: { kind: 'at', url, privateAddresses: [] } });
    const [, payload] = tokenOf(key).split('.');
    const head = encoded({ alg: 'HS256', kid: 'k' });
    const signature = createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url');
    const own = proving([rule], { documents: internet({ [url]: published }).fetch });
    expect(await own(`${head}.${payload}.${signature}`)).toMatchObject({ fault: 'AlgorithmRefused' });
  });
});

describe("GHSA-7m6v-q233-q9j9 and Vault's audience mismatch: a token that is meant for somebody else is taken", () => {
  it.each([
    ['another service of the same issuer', 'https://another.example'],
    ['a name that begins like ours', 'credmint-staging'],
    ['a name that ours begins like', 'cred'],
    ['our name among its letters', 'x credmint x'],
    ['our name in other letters', 'CREDMINT'],
    ['our name as a list in a text', '["credmint"]'],
    ['a list without us', ['a', 'b']],
    ['a list in a list', [['credmint']]],
    ['nobody', undefined],
    ['nobody, in a list', []],
    ['nothing', null],
    ['everybody', '*'],
  ])('for %s', async (_, aud) => {
    expect(await prove(tokenOf(key, { aud, azp: 'credmint', client_id: 'credmint' }))).toMatchObject({
      refused: 'InvalidIdentityToken',
      fault: aud === undefined ? 'ClaimMissing' : 'AudienceMismatch',
    });
  });

  it('even by a caller of the same issuer whose audience it is', async () => {
    const rules = [ruleOf([key], { caller: 'ours' }), ruleOf([key], { caller: 'theirs', audiences: ['theirs'] })];
    expect(await proving(rules)(tokenOf(key, { aud: 'theirs' }))).toMatchObject({ name: 'theirs' });
  });
});

describe('cloudvulndb aws-iam-identity-center-expiry: a jti is forgotten before its token expires', () => {
  it('at no instant at which the token would be taken', async () => {
    let time = now;
    const store = memoryStore(() => time);
    const once = proving([ruleOf([key], { once: true, skewSeconds: 300 })], { store });
    const token = tokenOf(key, { exp: now.getTime() / 1000 + 30 * 86_400 });
    expect(await once(token)).toMatchObject({ name: 'ci' });
    for (let day = 0; day <= 30; day++) {
      time = at(day * 86_400 + 299);
      expect(await once(token, time)).toMatchObject({ refused: 'RequestReplayed' });
    }
    time = at(31 * 86_400);
    expect(await once(token, time)).toMatchObject({ refused: 'IdentityTokenExpired' });
  });

  it('nor is a token without an end taken at all', async () => {
    const once = proving([ruleOf([key], { once: true })]);
    for (const exp of [undefined, null, 1e12, Number.MAX_VALUE, '2099-01-01']) {
      expect(await once(tokenOf(key, { exp }))).toMatchObject({ fault: 'ClaimMissing' });
    }
  });
});

describe('twentyhq/twenty #25638, open-mercato #4037: an issuer leads the server where it should not go', () => {
  const document = `${issuer}/.well-known/openid-configuration`;
  const rule = ruleOf([key], { keys: { kind: 'discovered', issuer, hosts: [], privateAddresses: [] } });

  it.each([
    'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'http://metadata.tencentyun.com/latest/meta-data/',
    'http://127.0.0.1:6379/',
    'https://10.0.0.1/keys',
    'https://issuer.example.evil.example/keys',
    'gopher://127.0.0.1/',
    'file:///proc/self/environ',
  ])('to %s', async (place) => {
    const deps = internet({ [document]: { issuer, jwks_uri: place }, [place]: { keys: [key.jwk] } });
    expect(await proving([rule], { documents: deps.fetch })(tokenOf(key))).toMatchObject({ fault: 'KeySetRefused' });
    expect(deps.asked).toEqual([document]);
  });

  it('by what only the token says', async () => {
    const deps = internet({});
    const sent = proving([rule], { documents: deps.fetch });
    await sent(tokenOf(key, { iss: 'http://169.254.169.254' }));
    await sent(tokenOf(key, {}, { jku: 'http://169.254.169.254/', x5u: 'http://169.254.169.254/' }));
    expect(deps.asked).toEqual([document]);
  });
});

describe('over the wire', () => {
  let app: ServedApp;
  let sent: HttpRequest[];
  const transport = nodeTransport();
  const alice = { id: 'AKIDALICE', secret: new Secret('alices secret') };

  beforeAll(async () => {
    app = await serveApp({
      config: {
        callers: {
          alice: { accessKey: { id: alice.id, secret: 'env:ALICE' } },
          bob: { accessKey: { id: 'AKIDBOB', secret: 'env:BOB' } },
        },
      },
      environment: { ALICE: 'alices secret', BOB: 'bobs secret' },
      deps: {
        transport: (request, signal) => {
          sent.push(request);
          return transport(request, signal);
        },
      },
    });
  });
  beforeEach(() => {
    sent = [];
  });
  afterAll(() => app.close());

  const form = 'application/x-www-form-urlencoded';
  const body = `Action=AssumeRole&Version=2011-06-15&RoleArn=${demoRole}&RoleSessionName=me`;
  const unsigned = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'POST',
    scheme: 'http',
    host: new URL(app.url).host,
    path: '/',
    query: '',
    headers: { 'content-type': form },
    body,
    ...changes,
  });
  const signed = (request: HttpRequest, by = alice): HttpRequest =>
    sign(request, by, { now: new Date(), region: 'us-east-1', service: 'sts' });
  const send = async (request: HttpRequest) => {
    const response = await transport(request, AbortSignal.timeout(60_000));
    return { status: response.status, record: app.records.at(-1) };
  };
  const withHeader = (request: HttpRequest, name: string, value: string): HttpRequest => ({
    ...request,
    headers: { ...request.headers, [name]: value },
  });

  describe('GHSA-9c4q-hq6p-c237: credentials stand where the check of the signature does not look', () => {
    it('a request as it should be proves its caller', async () => {
      expect(await send(signed(unsigned()))).toMatchObject({ status: 200, record: { caller: 'alice' } });
    });

    it('a key that is named in the query besides is not heeded, or the request refused', async () => {
      const credential = 'AKIDBOB%2F20261122%2Fus-east-1%2Fsts%2Faws4_request';
      for (const query of [
        `X-Amz-Credential=${credential}`,
        `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Signature=${'0'.repeat(64)}&X-Amz-SignedHeaders=host&X-Amz-Date=20261122T000000Z&X-Amz-Expires=60`,
        'AWSAccessKeyId=AKIDBOB&Signature=x',
        'SecretId=AKIDBOB&Signature=x',
        'PublicKey=AKIDBOB&Signature=x',
      ]) {
        for (const request of [signed(unsigned({ query })), { ...signed(unsigned()), query }]) {
          expect((await send(request)).record?.caller).not.toBe('bob');
        }
        // What was signed without it is not what was sent with it.
        expect((await send({ ...signed(unsigned()), query })).record?.outcome).not.toBe('Done');
      }
    });

    it('a session token that is not signed is not dropped', async () => {
      expect((await send(withHeader(signed(unsigned()), 'x-amz-security-token', 'forged'))).record?.outcome).not.toBe(
        'Done',
      );
    });

    it('a second Authorization makes both worth nothing', async () => {
      const request = signed(unsigned());
      const two = `${request.headers['authorization']}, ${request.headers['authorization']?.replace('AKIDALICE', 'AKIDBOB')}`;
      expect((await send(withHeader(request, 'authorization', two))).record?.outcome).not.toBe('Done');
    });

    it('parameters outside what was signed are not read', async () => {
      const request = signed(unsigned({ body: `${body}&DurationSeconds=900` }));
      expect((await send({ ...request, query: 'DurationSeconds=43200' })).record?.outcome).not.toBe('Done');
      expect((await send({ ...request, body: `${request.body}&DurationSeconds=43200` })).record?.outcome).not.toBe(
        'Done',
      );
      const presigned = { ...unsigned({ method: 'GET', query: body, body: '', headers: {} }) };
      expect((await send({ ...signed(presigned), method: 'POST', body: 'RoleSessionName=other' })).status).not.toBe(
        200,
      );
    });

    it('a token anywhere but in its header is no token', async () => {
      const token = tokenOf(key);
      for (const [path, more] of [
        [`/assumeRole?access_token=${token}`, {}],
        ['/assumeRole', { cookie: `token=${token}` }],
        ['/assumeRole', { 'x-authorization': `Bearer ${token}` }],
        ['/assumeRole', { 'proxy-authorization': `Bearer ${token}` }],
      ] as const) {
        const answer = await fetch(app.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...more },
          body: demoRequestBody,
        });
        expect([400, 401]).toContain(answer.status);
        expect(app.records.at(-1)?.outcome).toMatch(/^(Unauthenticated|InvalidRequest|UnknownParameter)$/);
      }
    });
  });

  describe('CVE-2020-16250 and CVE-2020-16251 (Vault): an answer about the caller is fetched from where the caller says', () => {
    const stranger = { id: 'AKIASTRANGER0000000', secret: new Secret('known to another STS') };
    const identity = 'Action=GetCallerIdentity&Version=2011-06-15';

    it('nobody else is asked who a caller is, whatever the request says about where to ask', async () => {
      const requests = [
        signed(unsigned({ body: identity }), stranger),
        signed(
          unsigned({
            body: identity,
            host: new URL(app.url).host,
            headers: { 'content-type': form, 'x-forwarded-host': 'evil.example' },
          }),
          stranger,
        ),
        signed(unsigned({ body: identity, path: '/evil.example/' }), stranger),
        withHeader(signed(unsigned({ body: identity }), stranger), 'x-vault-awsiam-server-id', 'evil.example'),
        signed(unsigned({ body: `${identity}&iam_request_url=https://evil.example&iam_server=evil` }), stranger),
      ];
      for (const request of requests) {
        expect((await send(request)).record).toMatchObject({
          outcome: expect.stringMatching(/^(UnknownKey|UnknownParameter|InvalidParameter|SignatureMismatch|NotFound)$/),
        });
      }
      expect(sent).toEqual([]);
    });

    it('a caller is who the service says, from what it has proven itself', async () => {
      const response = await transport(signed(unsigned({ body: identity })), AbortSignal.timeout(60_000));
      expect(response.body).toMatch(/<Arn>arn:aws:iam::123456789012:user\/alice<\/Arn>/);
      expect(sent).toEqual([]);
    });

    it('an identity that a request brings along is not read', async () => {
      const reply =
        '<GetCallerIdentityResponse><Arn>arn:aws:iam::123456789012:user/alice</Arn></GetCallerIdentityResponse>';
      const answer = await assumeDemoRole(app.url, {
        authorization: `Bearer ${Buffer.from(reply).toString('base64url')}`,
      });
      expect(answer.status).toBe(401);
      expect(sent).toEqual([]);
    });
  });
});
