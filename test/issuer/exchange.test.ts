import { generateKeyPairSync } from 'node:crypto';
import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { createRemoteJWKSet, exportJWK, jwtVerify, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { ecPem, rsaPem } from '../support/keyless-pair.ts';
import { type ServedConfig, serveConfig } from '../support/serve-config.ts';

const exchangeType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const jwtType = 'urn:ietf:params:oauth:token-type:jwt';
const credentialsType = 'urn:credmint:params:oauth:token-type:credentials';
const gcp = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/c';
const role = 'arn:aws:iam::123456789012:role/demo';
const callerKey = { id: 'AKIDCI', secret: 'the-secret-of-ci-0123456789' };

const idp = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ciIssuer = 'https://ci.example.com';

const proofOf = (claims: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  new SignJWT({ team: 'blue', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'idp' })
    .setIssuer(ciIssuer)
    .setAudience('credmint')
    .setSubject((claims['sub'] as string | undefined) ?? 'job-1')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(idp.privateKey);

let server: ServedConfig;

const configFor = (url: string) => {
  const jwt = { issuer: ciIssuer, audience: 'credmint', jwks: 'env:JWKS', algorithms: ['ES256'] };
  return {
    issuer: { url, keys: ['env:RSA', 'env:EC'] },
    accounts: { authority: { cloud: 'authority' } },
    callers: {
      ci: { accessKey: { id: callerKey.id, secret: 'env:CI' }, jwt: { ...jwt, claims: { sub: 'job-*' } } },
      agent: { jwt: { ...jwt, claims: { sub: 'agent-*' } } },
      stranger: { jwt: { ...jwt, claims: { sub: 'stranger-*' } } },
      // Trusts the issuer of this very server.
      again: { jwt: { issuer: url, audience: url, algorithms: ['RS256'] } },
    },
    grants: [
      {
        name: 'tokens',
        callers: ['ci'],
        account: 'issuer',
        operations: ['IssueToken'],
        maxDurationSeconds: 900,
        accepts: ['tags'],
        token: {
          audiences: ['//iam.googleapis.com/**', 'https://*.example', url],
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of a grant
          subject: 'team:${claims.team}',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of a grant
          claims: { team: '${claims.team}', level: 2 },
          actors: ['agent'],
        },
        references: { 'claims.team': {} },
      },
      {
        name: 'plain',
        callers: ['ci'],
        dialects: ['aws'],
        account: 'issuer',
        operations: ['IssueToken'],
        accepts: ['tags'],
        token: { audiences: ['https://aws.test'] },
      },
      { name: 'credentials', callers: ['ci'], account: 'authority', operations: ['AssumeRole'], roles: [role] },
      {
        name: 'chained',
        callers: ['again'],
        account: 'issuer',
        operations: ['IssueToken'],
        ownTokens: true,
        token: { audiences: ['https://second.example'] },
      },
      {
        name: 'not-chained',
        callers: ['again'],
        account: 'issuer',
        operations: ['IssueToken'],
        token: { audiences: ['https://third.example'] },
      },
    ],
    authority: { keys: ['env:RING'], accountIds: { aws: '123456789012' }, roles: { demo: { trust: ['ci'] } } },
  };
};

beforeAll(async () => {
  const jwks = { keys: [{ ...(await exportJWK(idp.publicKey)), kid: 'idp', alg: 'ES256', use: 'sig' }] };
  server = await serveConfig(configFor, {
    CI: callerKey.secret,
    RSA: rsaPem(),
    EC: ecPem('P-384'),
    RING: 'r'.repeat(43),
    JWKS: JSON.stringify(jwks),
  });
});
afterAll(() => server.close());
beforeEach(() => {
  server.records.length = 0;
});

type Form = readonly (readonly [name: string, value: string])[];

const post = async (form: Form, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${server.url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams([...form].map(([name, value]): [string, string] => [name, value])).toString(),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
};

const asked = async (more: Form, claims: Readonly<Record<string, unknown>> = {}): Promise<Form> => [
  ['grant_type', exchangeType],
  ['subject_token', await proofOf(claims)],
  ['subject_token_type', jwtType],
  ...more,
];

const verified = (token: string, audience: string | string[]) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`)), {
    issuer: server.url,
    audience,
  });

describe('a token exchange', () => {
  it('is done by an OAuth client that knows the issuer alone, and verified by jose', async () => {
    const issuer = new URL(server.url);
    const insecure = { [oauth.allowInsecureRequests]: true };
    const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
    const as = await oauth.processDiscoveryResponse(issuer, discovered);
    const response = await oauth.genericTokenEndpointRequest(
      as,
      { client_id: 'ci' },
      (_as, _client, body) => body.delete('client_id'),
      exchangeType,
      { subject_token: await proofOf(), subject_token_type: jwtType, audience: gcp },
      insecure,
    );
    const result = await oauth.processGenericTokenEndpointResponse(as, { client_id: 'ci' }, response);
    expect(result).toMatchObject({ issued_token_type: jwtType, token_type: 'bearer' });
    const { payload, protectedHeader } = await verified(result.access_token, gcp);
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ sub: 'team:blue', team: 'blue', level: 2 });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    expect(payload).not.toHaveProperty('act');
  });

  it('is recorded as any other decision is', async () => {
    const { body } = await post(await asked([['audience', 'https://api.example']]));
    const { payload } = await verified(body.access_token, 'https://api.example');
    expect(server.records).toEqual([
      expect.objectContaining({
        outcome: 'Done',
        dialect: 'oauth',
        operation: 'IssueToken',
        caller: 'ci',
        grant: 'tokens',
        account: 'issuer',
        audiences: ['https://api.example'],
        durationSeconds: 300,
        tokenId: payload.jti,
        tokenSubject: payload.sub,
      }),
    ]);
    expect(JSON.stringify(server.records)).not.toContain(body.access_token);
  });

  it('may name several audiences and resources, each of which must be allowed', async () => {
    const several: Form = [
      ['audience', 'https://one.example'],
      ['audience', 'https://two.example'],
      ['resource', 'https://three.example'],
    ];
    const { body } = await post(await asked(several));
    const { payload } = await verified(body.access_token, 'https://two.example');
    expect(payload.aud).toEqual(['https://one.example', 'https://two.example', 'https://three.example']);
    const refused = await post(await asked([...several, ['audience', 'https://else.test']]));
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_target']);
    expect(server.records.at(-1)).toMatchObject({ reason: 'AudienceNotGranted' });
  });

  it('lasts as long as it asks, within the grant', async () => {
    const lasting = async (seconds: string) =>
      post(
        await asked([
          ['audience', 'https://a.example'],
          ['duration_seconds', seconds],
        ]),
      );
    expect((await lasting('900')).body.expires_in).toBeGreaterThanOrEqual(899);
    expect((await lasting('901')).body.error).toBe('invalid_request');
    expect((await lasting('59')).body.error).toBe('invalid_request');
  });

  it('says who acts, if the grant lets that caller act', async () => {
    const acting = async (sub: string) =>
      post(
        await asked([
          ['audience', 'https://a.example'],
          ['actor_token', await proofOf({ sub })],
          ['actor_token_type', jwtType],
        ]),
      );
    const { body } = await acting('agent-7');
    const { payload } = await verified(body.access_token, 'https://a.example');
    expect(payload).toMatchObject({ sub: 'team:blue', act: { sub: 'agent-7', iss: ciIssuer } });
    const refused = await acting('stranger-1');
    expect([refused.status, refused.body.error]).toEqual([400, 'unauthorized_client']);
    expect(server.records.at(-1)).toMatchObject({ reason: 'ActorNotGranted' });
  });

  it('keeps who acted before', async () => {
    const form = await asked(
      [
        ['audience', 'https://a.example'],
        ['actor_token', await proofOf({ sub: 'agent-7' })],
        ['actor_token_type', jwtType],
      ],
      { act: { sub: 'first' } },
    );
    const { payload } = await verified((await post(form)).body.access_token, 'https://a.example');
    expect(payload['act']).toEqual({ sub: 'agent-7', iss: ciIssuer, act: { sub: 'first' } });
  });

  it('may be proven by a signature over the request in place of a token', async () => {
    const body = new URLSearchParams({ grant_type: exchangeType, audience: 'https://aws.test' }).toString();
    const { host } = new URL(server.url);
    const request = sign(
      {
        method: 'POST',
        scheme: 'http',
        host,
        path: '/token',
        query: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      },
      { id: callerKey.id, secret: new Secret(callerKey.secret) },
      { now: new Date(), region: 'local', service: 'credmint' },
    );
    const response = await fetch(`${server.url}/token`, { method: 'POST', headers: request.headers, body });
    // The signature is taken; no grant of this dialect is for that audience.
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([400, 'invalid_target']);
    expect(server.records.at(-1)).toMatchObject({ caller: 'ci', proof: 'accessKey' });
  });

  it('gives credentials of a cloud, if asked for them', async () => {
    const form = await asked([
      ['requested_token_type', credentialsType],
      ['audience', 'authority'],
      ['resource', role],
      ['session_name', 'exchanged'],
    ]);
    const { status, body } = await post(form);
    expect([status, body.issued_token_type, body.token_type]).toEqual([200, credentialsType, 'N_A']);
    expect(JSON.parse(body.access_token)).toMatchObject({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SessionToken: expect.any(String),
    });
    expect(server.records.at(-1)).toMatchObject({ operation: 'AssumeRole', sessionName: 'exchanged' });
  });
});

describe('a token exchange that is refused', () => {
  const audience = ['audience', 'https://a.example'] as const;

  it.each<[string, () => Promise<Form>, number, string]>([
    ['has no grant type', async () => [audience], 400, 'invalid_request'],
    ['has another grant type', async () => [['grant_type', 'password']], 400, 'unsupported_grant_type'],
    ['names no audience', () => asked([]), 400, 'invalid_request'],
    ['has a parameter twice', () => asked([audience, ['scope', 'a'], ['scope', 'b']]), 400, 'invalid_request'],
    [
      'has a subject token of another type',
      async () => [
        ['grant_type', exchangeType],
        ['subject_token', await proofOf()],
        ['subject_token_type', 'urn:ietf:params:oauth:token-type:saml2'],
        audience,
      ],
      400,
      'invalid_request',
    ],
    [
      'has a subject token that is forged',
      async () => [
        ['grant_type', exchangeType],
        ['subject_token', `${(await proofOf()).slice(0, -8)}AAAAAAAA`],
        ['subject_token_type', jwtType],
        audience,
      ],
      400,
      'invalid_request',
    ],
    ['proves nobody', async () => [['grant_type', exchangeType], audience], 401, 'invalid_client'],
    ['is of a caller without a grant', () => asked([audience], { sub: 'stranger-1' }), 400, 'unauthorized_client'],
  ])('%s', async (_, form, status, error) => {
    const answer = await post(await form());
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.body.error_description).toMatch(/^[\x20-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('has two proofs, of which each reader could take another one', async () => {
    const { body } = await post(await asked([audience]), { authorization: `Bearer ${await proofOf()}` });
    expect(body.error).toBe('invalid_request');
  });

  it('is no POST', async () => {
    const response = await fetch(`${server.url}/token`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('a token of the issuer that is shown to its own server', () => {
  const own = async () => (await post(await asked([['audience', server.url]]))).body.access_token as string;
  const again = async (token: string, audience: string) =>
    post([
      ['grant_type', exchangeType],
      ['subject_token', token],
      ['subject_token_type', jwtType],
      ['audience', audience],
    ]);

  it('is good for a grant that says so', async () => {
    const { body } = await again(await own(), 'https://second.example');
    expect((await verified(body.access_token, 'https://second.example')).payload.sub).toBe('caller:again');
  });

  it('is good for no other grant', async () => {
    expect((await again(await own(), 'https://third.example')).status).toBe(400);
    expect(server.records.at(-1)).toMatchObject({ caller: 'again', reason: 'OwnTokenNotGranted' });
  });
});

describe('GetWebIdentityToken of the AWS SDK', () => {
  const client = () =>
    new STSClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: callerKey.id, secretAccessKey: callerKey.secret },
    });
  const ask = (more: object = {}) =>
    client().send(
      new GetWebIdentityTokenCommand({ Audience: ['https://aws.test'], SigningAlgorithm: 'RS256', ...more }),
    );

  it.each(['RS256', 'ES384'] as const)('is answered by the same issuer, signed by %s', async (SigningAlgorithm) => {
    const { WebIdentityToken = '', Expiration } = await ask({ SigningAlgorithm, DurationSeconds: 60 });
    const { payload, protectedHeader } = await verified(WebIdentityToken, 'https://aws.test');
    expect([protectedHeader.alg, payload.sub]).toEqual([SigningAlgorithm, 'caller:ci']);
    expect(Expiration?.getTime()).toBe((payload.exp ?? 0) * 1000);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  });

  it('has its tags in the token, if the grant accepts tags', async () => {
    const { WebIdentityToken = '' } = await ask({ Tags: [{ Key: 'team', Value: 'blue' }] });
    const { payload } = await verified(WebIdentityToken, 'https://aws.test');
    expect(payload['request_tags']).toEqual({ team: 'blue' });
  });

  it.each<[string, object, string]>([
    ['another audience', { Audience: ['https://else.test'] }, 'AccessDenied'],
    ['another algorithm', { SigningAlgorithm: 'none' }, 'ValidationError'],
    ['too long a life', { DurationSeconds: 3601 }, 'ValidationError'],
    ['no audience', { Audience: [] }, 'ValidationError'],
    [
      'eleven audiences',
      { Audience: Array.from({ length: 11 }, (_, index) => `https://${index}.test`) },
      'ValidationError',
    ],
  ])('is refused with %s', async (_, more, code) => {
    await expect(ask(more)).rejects.toMatchObject({ Code: code });
  });
});
