import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assumeDemoRole, demoRequestBody, replyOf, type ServedApp, serveApp } from '../support/app.ts';
import { httpApiEvent, restApiEvent, scfEvent } from '../support/gateway-events.ts';
import { exchange } from '../support/raw-socket.ts';
import { issuer, newKey, now, tokenOf } from '../support/token-issuer.ts';

const key = newKey('ES256');
const bearer = (): string => `Bearer ${tokenOf(key)}`;

let app: ServedApp;

beforeAll(async () => {
  app = await serveApp({
    config: { callers: { ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS' } } } },
    environment: { JWKS: JSON.stringify({ keys: [key.jwk] }) },
    deps: { now: () => now },
  });
});
afterAll(() => app.close());

const statusOf = async (event: unknown): Promise<number> => replyOf(await app.handle(event)).status;
const multi = (headers: Readonly<Record<string, readonly string[]>>) => ({
  ...restApiEvent(),
  multiValueHeaders: { host: ['x.example'], 'content-type': ['application/json'], ...headers },
});

describe('an Authorization that came twice', () => {
  it('is refused by the node server', async () => {
    expect((await assumeDemoRole(app.url, { authorization: bearer() })).status).toBe(200);
    const twice = `authorization: ${bearer()}\r\nAuthorization: ${bearer()}\r\n`;
    const head = 'POST /assumeRole HTTP/1.1\r\nHost: h\r\ncontent-type: application/json\r\nconnection: close\r\n';
    const answer = await exchange(
      Number(new URL(app.url).port),
      `${head}${twice}content-length: ${demoRequestBody.length}\r\n\r\n${demoRequestBody}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });

  const twice = (): object => ({ Authorization: bearer(), authorization: bearer() });
  it.each<[string, () => unknown, () => unknown]>([
    ['an HTTP API', () => httpApiEvent({}, { authorization: bearer() }), () => httpApiEvent({}, { ...twice() })],
    ['a REST API', () => restApiEvent({}, { Authorization: bearer() }), () => restApiEvent({}, { ...twice() })],
    [
      'a REST API in a list',
      () => multi({ Authorization: [bearer()] }),
      () => multi({ Authorization: [bearer(), bearer()] }),
    ],
    [
      'a REST API in two lists',
      () => multi({ authorization: [bearer()] }),
      () => multi({ Authorization: [bearer()], authorization: [bearer()] }),
    ],
    ["Tencent's gateway", () => scfEvent({}, { authorization: bearer() }), () => scfEvent({}, { ...twice() })],
  ])('is refused through %s, where a single one is taken', async (_name, once, doubled) => {
    expect(await statusOf(once())).toBe(200);
    expect(await statusOf(doubled())).toBe(401);
  });
});
