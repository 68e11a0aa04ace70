import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../support/app.ts';
import { openUpstream, type Upstream } from '../support/upstream.ts';

const secrets = { PASSWORD: 'the-password-of-the-management-user' };

const reply =
  '<AssumeRoleResponse xmlns="none"><ResponseMetadata><RequestId>ecs-1</RequestId></ResponseMetadata><AssumeRoleResult>' +
  '<Credentials><AccessKeyId>ASIA0123456789ABCDEF</AccessKeyId><SecretAccessKey>minted-secret</SecretAccessKey>' +
  '<SessionToken>minted-token</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>' +
  '</AssumeRoleResult></AssumeRoleResponse>';

/** An ECS that issues numbered tokens, of which only the latest is valid. */
let upstream: Upstream;
let logins: number;
let refuses: 'nothing' | 'every login' | 'every token';

beforeEach(async () => {
  logins = 0;
  refuses = 'nothing';
  upstream = await openUpstream(({ url, headers }, response) => {
    if (url.startsWith('/login')) {
      if (refuses === 'every login') response.writeHead(401).end();
      else response.writeHead(200, { 'x-sds-auth-token': `TOKEN-${++logins}` }).end('<loggedIn/>');
    } else {
      const counts = refuses !== 'every token' && headers['x-sds-auth-token'] === `TOKEN-${logins}`;
      response.writeHead(counts ? 200 : 401).end(counts ? reply : '');
    }
  });
});
afterEach(() => upstream.close());

const open = () => {
  const ecs = { cloud: 'ecs', endpoint: `${upstream.url}/sts`, key: { id: 'admin', secret: 'env:PASSWORD' } };
  return createApp({ config: { accounts: { ecs } }, environment: secrets });
};
const paths = () => upstream.calls.map(({ url }) => url.split('?')[0]);
/** Each request differs, so that the cache answers none of them. */
const asked = (index = 0) => ({ roleArn: 'urn:ecs:iam::s3:role/demo', roleSessionName: `run-${index}` });

describe('an account used by login', () => {
  it('logs in once for requests at the same time', async () => {
    const app = open();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => app.ask('/assumeRole', asked(index))));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(paths().filter((path) => path === '/login')).toHaveLength(1);
    expect(upstream.calls[0]?.headers['authorization']).toBe(`Basic ${btoa(`admin:${secrets.PASSWORD}`)}`);
    expect(upstream.calls.slice(1).every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
  });

  it('keeps its login for later requests', async () => {
    const app = open();
    for (const index of [1, 2, 3]) await app.ask('/assumeRole', asked(index));
    expect(paths()).toEqual(['/login', '/sts', '/sts', '/sts']);
  });

  it('logs in again, once, when its token is no longer valid', async () => {
    const app = open();
    await app.ask('/assumeRole', asked(1));
    logins++;
    expect((await app.ask('/assumeRole', asked(2))).status).toBe(200);
    expect(paths()).toEqual(['/login', '/sts', '/sts', '/login', '/sts']);
  });

  it('does so once for all requests whose token is no longer valid', async () => {
    const app = open();
    await app.ask('/assumeRole', asked());
    logins++;
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => app.ask('/assumeRole', asked(index + 1))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(paths().filter((path) => path === '/login')).toHaveLength(2);
  });

  it('gives up if even a new token is not valid', async () => {
    refuses = 'every token';
    const { status, body } = await open().ask('/assumeRole', asked());
    expect([status, body.code]).toEqual([502, 'AccountRefused']);
    expect(paths()).toEqual(['/login', '/sts', '/login', '/sts']);
  });

  it('does not keep a login that failed', async () => {
    const app = open();
    refuses = 'every login';
    const { status, body, text } = await app.ask('/assumeRole', asked());
    expect([status, body.code]).toEqual([502, 'AccountRefused']);
    expect(text).not.toContain(secrets.PASSWORD);
    refuses = 'nothing';
    expect((await app.ask('/assumeRole', asked())).status).toBe(200);
  });

  it('does not keep a login that hangs, and logs in again for the request that waited for it', async () => {
    const app = open();
    const { answer } = upstream;
    upstream.answer = () => {
      upstream.answer = answer;
    };
    expect((await app.ask('/assumeRole', asked(), 9_000)).status).toBe(200);
  });

  it('does not end its login for the other requests when the first of them gives up', async () => {
    const app = open();
    const { answer } = upstream;
    let goOn = (): void => undefined;
    upstream.answer = (call, response) => {
      upstream.answer = answer;
      goOn = () => answer(call, response);
    };
    const impatient = app.ask('/assumeRole', asked(1), 50);
    const patient = app.ask('/assumeRole', asked(2));
    expect((await impatient).body.code).toBe('CloudUnavailable');
    goOn();
    expect((await patient).status).toBe(200);
    expect(paths().filter((path) => path === '/login')).toHaveLength(1);
  });
});
