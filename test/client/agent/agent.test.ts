import { describe, expect, it } from 'vitest';
import { createAgent } from '../../../lib/client/agent/agent.ts';
import { sessionTokens } from '../../../lib/client/agent/session-tokens.ts';
import { ClientError } from '../../../lib/client/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { mintedOf } from '../../support/client.ts';

const now = new Date('2026-11-22T12:00:00Z');
const token = 'the-token-of-this-agent';
const own = 4000;

const agentOf = (current = async () => mintedOf(1, now)) => {
  const agent = createAgent({
    current,
    token: new Secret(token),
    now: () => now,
    metadata: {
      tokens: sessionTokens(new Uint8Array(32), () => now),
      isOwnProcess: async ({ peerPort }) => peerPort === own,
    },
  });
  return async (path: string, headers = {}, method = 'GET', peerPort = own) => {
    const { status, body } = await agent({ method, path, peerPort, headers: { host: '127.0.0.1:9911', ...headers } });
    return { status, body, json: body.startsWith('{') ? JSON.parse(body) : undefined };
  };
};

describe('an agent', () => {
  const ask = agentOf();

  it('speaks as the container credentials endpoint of AWS', async () => {
    expect((await ask('/aws', { authorization: token })).json).toEqual({
      AccessKeyId: 'ASIA1',
      SecretAccessKey: 'secret-1',
      Token: 'token-1',
      Expiration: '2026-11-22T13:00:00Z',
    });
  });

  it('speaks to those who can send no header by a path that holds the token', async () => {
    expect((await ask(`/${token}/alibaba`)).json).toMatchObject({ Code: 'Success', SecurityToken: 'token-1' });
    expect((await ask(`/${token}/cos`)).json).toMatchObject({ TmpSecretId: 'ASIA1', ExpiredTime: 1795352400 });
  });

  it.each([
    ['/aws', {}],
    ['/aws', { authorization: `${token}x` }],
    ['/aws', { authorization: `${token}, ${token}` }],
    ['/wrong/alibaba', {}],
    ['/wrong/alibaba', { authorization: token }],
    [`/${token}/aws/more`, { authorization: token }],
    ['/', {}],
  ])('gives nothing without its token: %s %j', async (path, headers) => {
    expect(await ask(path, headers)).toMatchObject({ status: 401, json: { Code: 'Unauthenticated' } });
  });

  it.each([
    { host: 'evil.example' },
    { host: 'localhost.evil.example:80' },
    { origin: 'http://127.0.0.1:9911' },
    { 'sec-fetch-site': 'none' },
  ])('gives nothing to a browser, whatever page it shows: %j', async (headers) => {
    expect(await ask('/aws', { authorization: token, ...headers })).toMatchObject({ status: 403 });
  });

  it('serves what it knows, by GET', async () => {
    expect(await ask(`/${token}/constructor`)).toMatchObject({ status: 404 });
    expect(await ask(`/${token}/aws`, {}, 'POST')).toMatchObject({ status: 405 });
  });

  it.each([
    ['unavailable', 503],
    ['refused', 403],
  ] as const)('says why there are no credentials: %s', async (fault, status) => {
    const failing = agentOf(() => Promise.reject(new ClientError(fault, 'Because', 'Of this.')));

    expect(await failing('/aws', { authorization: token })).toMatchObject({
      status,
      json: { Code: 'Because', Message: 'Of this.' },
    });
  });

  it('says nothing of a failure that it did not foresee', async () => {
    const failing = agentOf(() => Promise.reject(new Error('secret-1')));

    expect(await failing('/aws', { authorization: token })).toMatchObject({ status: 500, json: { Code: 'Internal' } });
    expect((await failing('/aws', { authorization: token })).body).not.toContain('secret-1');
  });
});

describe('an agent as a metadata service', () => {
  const ask = agentOf();
  const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  const roles = '/latest/meta-data/iam/security-credentials/';

  it('gives AWS its role and credentials for a session token', async () => {
    const { body: session } = await ask('/latest/api/token', ttl, 'PUT');
    const headers = { 'x-aws-ec2-metadata-token': session };
    const { body: role } = await ask(roles, headers);

    expect((await ask(roles + role, headers)).json).toMatchObject({
      Code: 'Success',
      Type: 'AWS-HMAC',
      AccessKeyId: 'ASIA1',
      LastUpdated: '2026-11-22T12:00:00Z',
    });
  });

  it('has no first version, which asked for no session token', async () => {
    expect(await ask(`${roles}credmint`)).toMatchObject({ status: 401 });
    expect(await ask(`${roles}credmint`, { 'x-aws-ec2-metadata-token': 'x' })).toMatchObject({ status: 401 });
  });

  it.each(['0', '21601', '-1', 'x', ''])('gives no session token for %s seconds', async (seconds) => {
    const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': seconds };

    expect(await ask('/latest/api/token', headers, 'PUT')).toMatchObject({ status: 400 });
  });

  it('gives Tencent its role and credentials', async () => {
    const folder = '/latest/meta-data/cam/security-credentials/';
    const host = { host: 'metadata.tencentyun.com' };
    const { body: role } = await ask(folder, host);

    expect((await ask(folder + role, host)).json).toEqual({
      TmpSecretId: 'ASIA1',
      TmpSecretKey: 'secret-1',
      ExpiredTime: 1795352400,
      Expiration: '2026-11-22T13:00:00Z',
      Token: 'token-1',
      Code: 'Success',
    });
  });

  it('refuses the process of another user, and what a proxy passes on', async () => {
    expect(await ask('/latest/api/token', ttl, 'PUT', 4001)).toMatchObject({ status: 403 });
    expect(await ask('/latest/api/token', { ...ttl, 'x-forwarded-for': '10.0.0.1' }, 'PUT')).toMatchObject({
      status: 403,
    });
  });

  it('is none unless it is asked to be', async () => {
    const agent = createAgent({ current: async () => mintedOf(1, now), token: new Secret(token), now: () => now });
    const headers = { host: '127.0.0.1', ...ttl };

    expect(await agent({ method: 'PUT', path: '/latest/api/token', headers, peerPort: own })).toMatchObject({
      status: 404,
    });
  });
});
