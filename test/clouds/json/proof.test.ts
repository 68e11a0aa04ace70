import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/tc3.ts';
import { type LaptopApp, openLaptopApp } from '../../support/app.ts';
import { assume, type Heard, hear, post } from '../../support/json-api.ts';

let app: LaptopApp;

beforeAll(async () => {
  app = await openLaptopApp();
});
afterEach(() => {
  app.skewMs = 0;
});
afterAll(() => app.close());

interface Key {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
}

const plain = (body: unknown) => {
  const url = new URL(app.url);
  return {
    host: url.host,
    hostname: url.hostname,
    port: Number(url.port),
    headers: { 'content-type': 'application/json', host: url.host },
    body: JSON.stringify(body),
  };
};

const send = async (path: string, headers: Record<string, string>, body: string): Promise<Heard> => {
  const { host: _, ...rest } = headers;
  return hear(await fetch(`${app.url}${path}`, { method: 'POST', headers: rest, body }));
};

const bySigv4 = async (key: Key, path: string, body: unknown, sent = body): Promise<Heard> => {
  const { hostname, port, headers, body: text } = plain(body);
  const signer = new SignatureV4({
    service: 'credmint',
    region: 'anywhere',
    sha256: Sha256,
    applyChecksum: true,
    credentials: {
      accessKeyId: key.id,
      secretAccessKey: key.secret,
      ...(key.token === undefined ? {} : { sessionToken: key.token }),
    },
  });
  const request = new HttpRequest({ method: 'POST', protocol: 'http:', hostname, port, path, headers, body: text });
  const signed = await signer.sign(request);
  return send(path, signed.headers, JSON.stringify(sent));
};

const byTc3 = async (key: Key, path: string, body: unknown, sent = body, withPort = true): Promise<Heard> => {
  const { host, hostname, headers, body: text } = plain(body);
  const signed = sign(
    {
      method: 'POST',
      scheme: 'http',
      host: withPort ? host : hostname,
      path,
      query: '',
      headers: { 'content-type': headers['content-type'] },
      body: text,
    },
    {
      id: key.id,
      secret: new Secret(key.secret),
      ...(key.token === undefined ? {} : { token: new Secret(key.token) }),
    },
    { now: new Date(), service: 'credmint', signedHeaders: ['content-type', 'host'] },
  );
  return send(path, signed.headers, JSON.stringify(sent));
};

describe.each([
  ['SigV4', bySigv4, 15 * 60],
  ['TC3', byTc3, 5 * 60],
] as const)('%s of an access key over the JSON API', (_name, by, windowSeconds) => {
  it('proves the caller', async () => {
    const { status, body } = await by(app.access.accessKey, '/assumeRole', assume(app));
    expect([status, body.account]).toEqual([200, 'aws']);
    expect(app.records.at(-1)).toMatchObject({
      caller: 'local',
      proof: 'accessKey',
      callerKeyId: app.access.accessKey.id,
      dialect: 'json',
      outcome: 'Done',
    });
  });

  it('covers the body', async () => {
    const { status, body } = await by(
      app.access.accessKey,
      '/assumeRole',
      assume(app),
      assume(app, 'aws', { roleSessionName: 'somebody-else' }),
    );
    expect([status, body.code]).toEqual([401, 'SignatureMismatch']);
  });

  it('is of a key that is known, by its own secret', async () => {
    const { accessKey } = app.access;
    const wrong = await by({ ...accessKey, secret: 'wrong' }, '/assumeRole', assume(app));
    expect([wrong.status, wrong.body.code]).toEqual([401, 'SignatureMismatch']);
    const unknown = await by({ ...accessKey, id: 'AKIDUNKNOWN' }, '/assumeRole', assume(app));
    expect([unknown.status, unknown.body.code]).toEqual([401, 'UnknownKey']);
  });

  it('counts while the clocks agree', async () => {
    for (const sign of [-1, 1]) {
      app.skewMs = sign * (windowSeconds - 10) * 1000;
      expect((await by(app.access.accessKey, '/getCallerIdentity', {})).status).toBe(200);
      app.skewMs = sign * (windowSeconds + 10) * 1000;
      const { status, body } = await by(app.access.accessKey, '/getCallerIdentity', {});
      expect([status, body.code]).toEqual([401, 'RequestExpired']);
    }
  });

  it('of a temporary triad says who that is, and mints nothing that only long-term keys may', async () => {
    const { credentials } = (await post(app, '/assumeRole', assume(app))).body;
    const triad = {
      id: credentials.accessKeyId,
      secret: credentials.secretAccessKey,
      token: credentials.sessionToken,
    };
    const { body } = await by(triad, '/getCallerIdentity', {});
    expect(body.identity.arn).toMatch(/:assumed-role\/demo\/me$/);
    const refused = await by(triad, '/assumeRole', assume(app));
    expect([refused.status, refused.body.code]).toEqual([403, 'AccessDenied']);
    const swapped = await by({ ...triad, token: `${triad.token.slice(0, -2)}AA` }, '/getCallerIdentity', {});
    expect([swapped.status, swapped.body.code]).toEqual([401, 'InvalidToken']);
  });

  it('of a long-term key takes no session token beside it', async () => {
    const { body } = await by({ ...app.access.accessKey, token: 'token' }, '/getCallerIdentity', {});
    expect(body.code).toBe('InvalidToken');
  });
});

describe('SigV4 over the JSON API', () => {
  it('covers the path', async () => {
    const { hostname, port, headers, body } = plain({});
    const { id, secret } = app.access.accessKey;
    const signer = new SignatureV4({
      service: 'credmint',
      region: 'anywhere',
      sha256: Sha256,
      credentials: { accessKeyId: id, secretAccessKey: secret },
    });
    const request = new HttpRequest({
      method: 'POST',
      protocol: 'http:',
      hostname,
      port,
      path: '/elsewhere',
      headers,
      body,
    });
    const signed = await signer.sign(request);
    expect((await send('/getCallerIdentity', signed.headers, body)).body.code).toBe('SignatureMismatch');
  });
});

describe('TC3 over the JSON API', () => {
  it('may cover the host with its port or without', async () => {
    const { status } = await byTc3(app.access.accessKey, '/getCallerIdentity', {}, {}, false);
    expect(status).toBe(200);
  });
});

describe('an Authorization that is none of ours', () => {
  it.each([
    ['Basic bWU6c2VjcmV0', 'MalformedAuthorization'],
    ['AWS4-HMAC-SHA256', 'MalformedAuthorization'],
    ['AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c', 'MalformedAuthorization'],
    ['Bearer', 'MalformedAuthorization'],
    ['Bearer two words', 'MalformedAuthorization'],
    ['Bearer not-a-jwt', 'InvalidIdentityToken'],
    ['bearer not-a-jwt', 'InvalidIdentityToken'],
    ['', 'Unauthenticated'],
  ])('is refused in one way each: %s', async (authorization, code) => {
    const { status, body } = await post(app, '/getCallerIdentity', {}, { authorization });
    expect([status, body.code]).toEqual([401, code]);
  });
});
