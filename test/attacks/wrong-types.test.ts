import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoRequestBody, replyOf, type ServedApp, serveApp } from '../support/app.ts';
import { httpApiEvent, restApiEvent, scfEvent } from '../support/gateway-events.ts';
import { issuer, newKey, now, tokenOf } from '../support/token-issuer.ts';

const key = newKey('ES256');
const tencent = { platform: 'tencent', id: 'service-abc' };
const aws = { id: 'a1b2c3', account: '111122223333' };

let app: ServedApp;

beforeAll(async () => {
  app = await serveApp({
    config: {
      callers: {
        ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS', claims: { group: 'a' } } },
        app: { authorizer: { gateway: aws, kind: 'jwt', claims: { iss: issuer, group: 'a' } } },
        device: { authorizer: { gateway: aws, kind: 'lambda', claims: { deviceId: 'd-*' } } },
        role: { authorizer: { gateway: aws, kind: 'iam', claims: { userArn: 'arn:**' } } },
        partner: { authorizer: { gateway: tencent, kind: 'key', claims: { secretId: 'AKIDpartner' } } },
      },
    },
    environment: { JWKS: JSON.stringify({ keys: [key.jwk] }) },
    deps: { now: () => now },
  });
});
afterAll(() => app.close());

/** What a reader of JSON may meet in the place of a text: above all objects that cannot be made into one. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    { toString: 1 },
    { valueOf: 1, toString: null },
    { toJSON: 1 },
    [{ toString: 1 }],
    [[]],
    [],
    {},
    null,
    true,
    1e308,
    -0,
    '',
    'a',
  ),
  fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown),
);
const claims = fc.dictionary(
  fc.constantFrom(
    ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'group', 'acr', 'amr', 'deviceId', 'userArn', 'secretId'],
    ...['accessKey', 'principalId', 'claims', '__proto__', 'constructor'],
  ),
  anything,
);
const headers = fc.dictionary(
  fc.constantFrom('alg', 'typ', 'kid', 'crit', 'cty', 'jwk', 'jku', 'x5c', 'b64', '__proto__'),
  anything,
);
const members = fc.dictionary(
  fc.constantFrom('authorization', 'Authorization', 'host', 'content-type', 'x-amz-date', '__proto__'),
  anything,
);

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const statusOf = async (event: unknown): Promise<number> => replyOf(await app.handle(event)).status;
const runs = { numRuns: 300 };

describe('a claim of another type than its name promises', () => {
  it('is refused in a bearer token that a trusted gateway let through', async () => {
    const bearer = `Bearer ${encoded({ alg: 'ES256' })}.${encoded({ iss: { toString: 1 } })}.AA`;
    const authorizer = { jwt: { claims: { iss: issuer, sub: 'alice', exp: '1' } } };
    expect(await statusOf(httpApiEvent({ authorizer }, { authorization: bearer }))).toBe(401);
  });

  it('is never a failure of ours, in a token of nobody', async () => {
    await fc.assert(
      fc.asyncProperty(headers, claims, claims, async (header, payload, vouched) => {
        const authorization = `Bearer ${encoded({ alg: 'ES256', ...header })}.${encoded(payload)}.AA`;
        const events = [
          httpApiEvent({ authorizer: { jwt: { claims: vouched } } }, { authorization }),
          restApiEvent({ authorizer: { claims: vouched } }, { authorization }),
        ];
        for (const event of events) expect([400, 401, 403]).toContain(await statusOf(event));
      }),
      runs,
    );
  });

  it('is never a failure of ours, in a token of the issuer', async () => {
    await fc.assert(
      fc.asyncProperty(claims, headers, async (payload, header) => {
        const authorization = `Bearer ${tokenOf(key, { group: 'a', ...payload }, header)}`;
        expect([200, 400, 401, 403]).toContain(await statusOf(httpApiEvent({}, { authorization })));
      }),
      runs,
    );
  });

  it('is never a failure of ours, in what a gateway says', async () => {
    await fc.assert(
      fc.asyncProperty(claims, anything, async (said, value) => {
        const events = [
          httpApiEvent({ authorizer: { jwt: { claims: said } } }),
          httpApiEvent({ authorizer: { iam: said } }),
          httpApiEvent({ authorizer: { lambda: said } }),
          httpApiEvent({ authorizer: value, authentication: value }),
          restApiEvent({ authorizer: said }),
          restApiEvent({ authorizer: value }),
          restApiEvent({ identity: said }),
          scfEvent({ identity: said }),
          scfEvent({ identity: value, sourceIp: value }),
        ];
        for (const event of events) expect([200, 400, 401, 403]).toContain(await statusOf(event));
      }),
      runs,
    );
  });
});

describe('a header of another type than text', () => {
  it('is never a failure of ours', async () => {
    await fc.assert(
      fc.asyncProperty(members, anything, async (headers, query) => {
        const events = [
          { ...httpApiEvent({}, headers), body: demoRequestBody },
          { ...restApiEvent({}, headers), multiValueHeaders: headers, queryStringParameters: query },
          { ...scfEvent({}, headers), queryString: query },
        ];
        for (const event of events) expect([400, 401, 403, 404]).toContain(await statusOf(event));
      }),
      runs,
    );
  });
});
