import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../support/app.ts';
import { openUpstream, type Upstream } from '../support/upstream.ts';

const base = 'arn:aws:iam::123456789012:role/base';
const asked = { roleArn: 'arn:aws:iam::123456789012:role/demo' };

const reply = (id: string, expiration: Date): string =>
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
  `<AccessKeyId>${id}</AccessKeyId><SecretAccessKey>secret-of-${id}</SecretAccessKey>` +
  `<SessionToken>token-of-${id}</SessionToken><Expiration>${expiration.toISOString()}</Expiration></Credentials>` +
  '</AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>';

const refusal =
  '<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error><RequestId>1</RequestId></ErrorResponse>';

/** A cloud that gives numbered keys, and refuses those that a test names. */
const refused = new Set<string>();
let upstream: Upstream;
let app: ReturnType<typeof createApp>;

const keyOf = (authorization: string | undefined): string => /Credential=([^/]+)/.exec(authorization ?? '')?.[1] ?? '';

beforeEach(async () => {
  let given = 0;
  upstream = await openUpstream(({ headers, body }, response) => {
    if (refused.has(keyOf(headers['authorization']))) {
      response.writeHead(403, { 'content-type': 'text/xml' }).end(refusal);
      return;
    }
    const forBase = new URLSearchParams(body).get('RoleArn') === base;
    const id = forBase ? `ASIABASE${++given}` : 'ASIAMINTED';
    response.writeHead(200, { 'content-type': 'text/xml' }).end(reply(id, new Date(app.now().getTime() + 3_600_000)));
  });
});
afterEach(async () => {
  refused.clear();
  await upstream.close();
});

const open = (more: object, environment: Record<string, string>) => {
  const cloud = { cloud: 'aws', endpoint: `${upstream.url}/`, ...more };
  app = createApp({ config: { accounts: { cloud } }, environment });
};

const lambda = { AWS_ACCESS_KEY_ID: 'ASIALAMBDA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
let names = 0;
/** Another name each time, so that the cache does not answer. */
const assume = () => app.ask('/assumeRole', { ...asked, roleSessionName: `run-${++names}` });
const signers = () => upstream.calls.map(({ headers }) => keyOf(headers['authorization']));

describe('an account that signs by the identity of this process', () => {
  it('signs with the key and the token of the environment', async () => {
    open({ key: 'runtime' }, lambda);
    expect((await assume()).status).toBe(200);
    expect(signers()).toEqual(['ASIALAMBDA']);
    expect(upstream.calls[0]?.headers['x-amz-security-token']).toBe('token');
  });

  it('cannot federate, as only long-term keys can', async () => {
    open({ key: 'runtime' }, lambda);
    const { body } = await app.ask('/getFederationToken', { name: 'bob', policy: {} });
    expect(body.code).toBe('UnsupportedOperation');
    expect(upstream.calls).toEqual([]);
  });

  it('gives a session of its federation role instead', async () => {
    open({ key: 'runtime', federationRole: asked.roleArn }, lambda);
    const { status } = await app.ask('/getFederationToken', { name: 'bob', policy: { Version: '2012-10-17' } });
    expect(status).toBe(200);
    expect(upstream.calls[0]?.body).toContain('Action=AssumeRole&');
  });
});

describe('an account with a role that is assumed first', () => {
  it('assumes it once, however many ask at once, and signs with its credentials', async () => {
    open({ key: 'runtime', role: base }, lambda);
    const replies = await Promise.all([assume(), assume(), assume()]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(signers()).toEqual(['ASIALAMBDA', 'ASIABASE1', 'ASIABASE1', 'ASIABASE1']);
    expect(upstream.calls[1]?.headers['x-amz-security-token']).toBe('token-of-ASIABASE1');
  });

  it('assumes it again before its credentials end', async () => {
    open({ key: { id: 'AKIA', secret: 'env:SECRET' }, role: base }, { SECRET: 'secret' });
    await assume();
    app.skewMs = 3_600_000 - 5 * 60_000;
    await assume();
    expect(signers()).toEqual(['AKIA', 'ASIABASE1', 'AKIA', 'ASIABASE2']);
  });

  it('assumes it anew after the cloud has refused its credentials', async () => {
    open({ key: 'runtime', role: base }, lambda);
    await assume();
    refused.add('ASIABASE1');
    expect((await assume()).body.code).toBe('AccountRefused');
    expect((await assume()).status).toBe(200);
    expect(signers().slice(-2)).toEqual(['ASIALAMBDA', 'ASIABASE2']);
  });

  it('is assumed by its identity token if the account has one, and signs by itself from then on', async () => {
    open({ webIdentity: { token: 'env:TOKEN' }, role: base }, { TOKEN: 'an.identity.token' });
    expect((await assume()).status).toBe(200);
    expect(upstream.calls[0]?.body).toContain('WebIdentityToken=an.identity.token');
    expect(signers()).toEqual(['', 'ASIABASE1']);
  });
});
