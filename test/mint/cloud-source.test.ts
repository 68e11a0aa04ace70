import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../support/app.ts';
import { openUpstream, type Script, type Upstream } from '../support/upstream.ts';

const secrets = {
  ACCOUNT: 'the-long-term-secret-of-the-account',
  minted: 'the-secret-that-was-minted-0123456789abc',
  token: 'the-session-token-that-was-minted',
};
const asked = { roleArn: 'arn:aws:iam::123456789012:role/demo', roleSessionName: 'run-1' };

const reply = (expiration = '2026-01-01T01:00:00Z', more = ''): string =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>` +
  `<AccessKeyId>ASIAMINTED</AccessKeyId><SecretAccessKey>${secrets.minted}</SecretAccessKey>` +
  `<SessionToken>${secrets.token}</SessionToken><Expiration>${expiration}</Expiration></Credentials>${more}` +
  `</AssumeRoleResult><ResponseMetadata><RequestId>upstream-1</RequestId></ResponseMetadata></AssumeRoleResponse>`;

const minted: Script = (_call, response) => {
  response.writeHead(200, { 'content-type': 'text/xml' }).end(reply());
};
const refused =
  (status: number, code: string): Script =>
  (_call, response) => {
    const message = `You sent ${secrets.ACCOUNT}`;
    response
      .writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'upstream-2' })
      .end(`<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);
  };

let upstream: Upstream;

beforeEach(async () => {
  upstream = await openUpstream(minted);
});
afterEach(() => upstream.close());

const account = (changes: object = {}) => ({
  cloud: 'aws',
  endpoint: `${upstream.url}/`,
  key: { id: 'AKIDACCOUNT', secret: 'env:ACCOUNT' },
  ...changes,
});
const open = (changes: object = {}) =>
  createApp({ config: { accounts: { cloud: account(changes) } }, environment: secrets });

describe('credentials of a cloud', () => {
  it('are what the cloud said, and the record says so', async () => {
    const app = open();
    const { status, body } = await app.ask('/assumeRole', asked);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      account: 'cloud',
      cloud: 'aws',
      credentials: {
        accessKeyId: 'ASIAMINTED',
        secretAccessKey: secrets.minted,
        sessionToken: secrets.token,
        expiration: '2026-01-01T01:00:00Z',
      },
      upstream: { requestId: 'upstream-1' },
    });
    expect(app.records.at(-1)).toMatchObject({
      outcome: 'Done',
      account: 'cloud',
      accessKeyId: 'ASIAMINTED',
      upstream: { requestId: 'upstream-1' },
    });
    expect(upstream.calls).toHaveLength(1);
  });

  it('are refused if they have expired already', async () => {
    for (const expiration of ['2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z']) {
      upstream.answer = (_call, response) => response.end(reply(expiration));
      const { status, body } = await open().ask('/assumeRole', asked);
      expect([status, body.code]).toEqual([502, 'CloudUnintelligible']);
    }
  });

  it.each([
    ['an empty body', ''],
    ['half a body', reply().slice(0, 200)],
    ['credentials without a secret', reply().replace(secrets.minted, '')],
    ['an expiration that is no time', reply('soon')],
    ['HTML', '<!DOCTYPE html><html><body>Please log in</body></html>'],
    ['JSON', '{"Credentials":{}}'],
  ])('are none in %s', async (_name, text) => {
    upstream.answer = (_call, response) => response.end(text);
    const { status, body } = await open().ask('/assumeRole', asked);
    expect([status, body.code]).toEqual([502, 'CloudUnintelligible']);
  });
});

describe('a cloud that cannot answer', () => {
  const unavailable = async (script: Script, deadline?: number) => {
    upstream.answer = script;
    const { status, body } = await open().ask('/assumeRole', asked, deadline);
    expect([status, body.code, body.retryable]).toEqual([503, 'CloudUnavailable', true]);
  };

  it('hangs up', () => unavailable((_call, response) => response.destroy()));

  it('hangs up in the middle of its answer', () =>
    unavailable((_call, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write(reply().slice(0, 100), () => response.destroy());
    }));

  it('hangs up in the middle of its chunks, even if the document was complete', () =>
    unavailable((_call, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      response.write(reply(), () => response.destroy());
    }));

  it('does not answer in time', () => unavailable(() => undefined, 100));

  it('begins an answer and never ends it', () =>
    unavailable((_call, response) => void response.write(reply().slice(0, 100)), 100));

  it('is not there', async () => {
    const app = open();
    const { port } = new URL(upstream.url);
    await upstream.close();
    const { status, body, text } = await app.ask('/assumeRole', asked);
    expect([status, body.code]).toEqual([503, 'CloudUnavailable']);
    expect(text).not.toContain(port);
    upstream = await openUpstream(minted);
  });

  it('is busy', async () => {
    upstream.answer = (_call, response) => response.writeHead(503).end();
    expect((await open().ask('/assumeRole', asked)).body.code).toBe('CloudUnavailable');
    upstream.answer = refused(400, 'Throttling');
    const { status, body } = await open().ask('/assumeRole', asked);
    expect([status, body.code]).toEqual([429, 'Throttled']);
  });
});

describe('an answer that is not from an STS', () => {
  it('may be a redirect, which is not followed', async () => {
    const elsewhere = await openUpstream(minted);
    upstream.answer = (_call, response) => response.writeHead(307, { location: `${elsewhere.url}/` }).end();
    const { status } = await open().ask('/assumeRole', asked);
    expect(status).toBe(502);
    expect(elsewhere.calls).toEqual([]);
    await elsewhere.close();
  });

  it('may be longer than any answer of an STS', async () => {
    upstream.answer = (_call, response) => response.end(reply(undefined, `<a>${'b'.repeat(300 * 1024)}</a>`));
    const { status, body } = await open().ask('/assumeRole', asked);
    expect([status, body.code]).toEqual([502, 'CloudUnintelligible']);
  });

  it('may have no end', async () => {
    upstream.answer = (_call, response) => {
      const more = () => {
        while (!response.destroyed && response.write('a'.repeat(64 * 1024)));
        response.once('drain', more);
      };
      more();
    };
    const { body } = await open().ask('/assumeRole', asked);
    expect(body.code).toBe('CloudUnintelligible');
  });
});

describe('what a cloud refuses', () => {
  it.each([
    ['InvalidClientTokenId', 403],
    ['SignatureDoesNotMatch', 403],
    ['ExpiredToken', 403],
    ['RequestExpired', 400],
    ['MissingAuthenticationToken', 403],
    ['IncompleteSignature', 400],
  ])("of the account's own key is no fault of the caller: %s", async (code, status) => {
    upstream.answer = refused(status, code);
    const said = await open().ask('/assumeRole', asked);
    expect(said.status).toBe(502);
    expect(said.body).toMatchObject({
      code: 'AccountRefused',
      upstream: { status, code, requestId: 'upstream-2' },
    });
  });

  it.each([
    ['AccessDenied', 403, 'AccessDenied'],
    ['MalformedPolicyDocument', 400, 'MalformedPolicy'],
    ['PackedPolicyTooLarge', 400, 'PolicyTooLarge'],
    ['ValidationError', 400, 'InvalidParameter'],
    ['SomethingNew', 400, 'InvalidParameter'],
  ])('of what was asked is said to the caller: %s', async (code, status, ours) => {
    upstream.answer = refused(status, code);
    const { body } = await open().ask('/assumeRole', asked);
    expect(body).toMatchObject({ code: ours, upstream: { status, code } });
  });

  it('is told without a secret, and without the words of the cloud', async () => {
    const app = open();
    const scripts: Script[] = [
      refused(403, 'InvalidClientTokenId'),
      refused(400, 'ValidationError'),
      (_call, response) => response.writeHead(500).end(secrets.ACCOUNT),
      (_call, response) => response.end(`<a>${secrets.minted}</a>`),
      (_call, response) => response.end(reply('soon')),
    ];
    for (const script of scripts) {
      upstream.answer = script;
      const { text, headers } = await app.ask('/assumeRole', asked);
      const everything = [text, inspect(headers), inspect(app.records, { depth: 10 }), JSON.stringify(app.records)];
      for (const secret of [...Object.values(secrets), 'You sent']) expect(everything.join()).not.toContain(secret);
    }
  });
});

describe('a system without GetFederationToken', () => {
  it("mints by the account's federation role, with the name as its session's", async () => {
    const cloud = account({ cloud: 'ucloud', federationRole: 'ucs:iam::55:role/federation' });
    upstream.answer = (_call, response) =>
      response.end(
        JSON.stringify({
          RetCode: 0,
          Action: 'AssumeRoleResponse',
          Credentials: {
            AccessKeyId: 'STS.minted',
            AccessKeySecret: secrets.minted,
            SecurityToken: secrets.token,
            Expiration: '2026-01-01T01:00:00Z',
          },
        }),
      );
    const app = createApp({ config: { accounts: { cloud } }, environment: secrets });
    const policy = { Version: '1', Statement: [{ Effect: 'Allow', Action: ['us3:*'], Resource: ['*'] }] };
    const { status, body } = await app.ask('/getFederationToken', { name: 'bob', policy });
    expect([status, body.credentials?.accessKeyId]).toEqual([200, 'STS.minted']);
    const sent = decodeURIComponent(`${upstream.calls[0]?.url} ${upstream.calls[0]?.body}`);
    for (const part of ['AssumeRole', 'bob', 'ucs:iam::55:role/federation', 'us3:*']) expect(sent).toContain(part);
  });

  it('mints nothing without such a role', async () => {
    const app = createApp({ config: { accounts: { cloud: account({ cloud: 'ucloud' }) } }, environment: secrets });
    const { status, body } = await app.ask('/getFederationToken', { name: 'bob', policy: {} });
    expect([status, body.code]).toEqual([400, 'UnsupportedOperation']);
    expect(upstream.calls).toEqual([]);
  });
});

describe('an account without a key', () => {
  it('sends its identity token, read for each request, and signs nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'credmint-mint-'));
    const { key: _, ...rest } = account({ webIdentity: { token: 'file:identity', providerId: 'issuer.example.com' } });
    const app = createApp({ config: { accounts: { cloud: rest } }, environment: secrets, folder });
    for (const [index, token] of ['first.identity.token', 'second.identity.token'].entries()) {
      writeFileSync(join(folder, 'identity'), token);
      // Another name, so that the cache does not answer.
      await app.ask('/assumeRole', { ...asked, roleSessionName: `run-${index}` });
      expect(upstream.calls[index]?.body).toContain('Action=AssumeRoleWithWebIdentity');
      expect(upstream.calls[index]?.body).toContain(`WebIdentityToken=${token}`);
      expect(upstream.calls[index]?.headers['authorization']).toBeUndefined();
    }
    rmSync(folder, { recursive: true });
    const { status, body } = await app.ask('/assumeRole', { ...asked, roleSessionName: 'run-3' });
    expect([status, body.code]).toEqual([500, 'Misconfigured']);
    expect(upstream.calls).toHaveLength(2);
  });

  it('cannot sign other operations', async () => {
    const { key: _, ...rest } = account({ webIdentity: { token: 'env:ACCOUNT' } });
    const app = createApp({ config: { accounts: { cloud: rest } }, environment: secrets });
    const { body } = await app.ask('/getFederationToken', { name: 'bob', policy: {} });
    expect(body.code).toBe('UnsupportedOperation');
    expect(upstream.calls).toEqual([]);
  });
});

describe("a cloud's Retry-After", () => {
  const throttling: Script = (_call, response) => {
    response
      .writeHead(429, { 'content-type': 'text/xml', 'retry-after': '7' })
      .end('<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>');
  };

  it('is passed on, and honoured for the account: no other call is made until then', async () => {
    upstream.answer = throttling;
    const app = open();
    const first = await app.ask('/assumeRole', asked);
    expect(first.status).toBe(429);
    expect(first.headers).toMatchObject({ 'retry-after': '7' });
    const calls = upstream.calls.length;
    const second = await app.ask('/assumeRole', { ...asked, roleSessionName: 'run-2' });
    expect(second.status).toBe(429);
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
    expect(upstream.calls.length).toBe(calls);
  });
});
