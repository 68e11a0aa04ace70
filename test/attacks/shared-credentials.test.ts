import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../lib/stores/memory.ts';
import { createApp, replyOf } from '../support/app.ts';
import { awsAccount, cloudTransport } from '../support/cloud-transport.ts';

// One caller is given what was minted for another, or by another account.

const startsAt = new Date('2026-01-01T00:00:00Z');
const role = 'arn:aws:iam::123456789012:role/app';
const body = JSON.stringify({ account: 'aws', roleArn: role, roleSessionName: 'me' });

describe('an authorizer that calls everybody by the same name', () => {
  const gateway = { id: 'a1b2c3', account: '111122223333' };
  const event = (authorizer: object) => ({
    resource: '/assumeRole',
    path: '/assumeRole',
    httpMethod: 'POST',
    headers: { host: 'x.example', 'content-type': 'application/json' },
    requestContext: { accountId: gateway.account, apiId: gateway.id, identity: { userArn: null }, authorizer },
    body,
    isBase64Encoded: false,
  });

  it('does not let one user have what was minted for another', async () => {
    const app = createApp({
      config: {
        accounts: { aws: awsAccount() },
        callers: { web: { authorizer: { gateway, kind: 'lambda', claims: { principalId: 'user' } } } },
      },
      environment: { ACCOUNT: 'the secret of the account' },
      deps: { transport: cloudTransport().transport },
    });
    const keyFor = async (userId: string) =>
      replyOf(await app.handle(event({ principalId: 'user', userId }))).body['credentials'];
    const alice = await keyFor('alice');
    expect(alice).toBeDefined();
    expect(await keyFor('bob')).not.toEqual(alice);
    expect(await keyFor('alice')).toEqual(alice);
  });

  it.each([
    ['a number', '{"uid":9007199254740992}', '{"uid":9007199254740993}'],
    ['a number in a list', '{"teams":[1,9007199254740992]}', '{"teams":[1,9007199254740993]}'],
    ['a number deep inside', '{"a":{"b":[{"uid":1e16}]}}', '{"a":{"b":[{"uid":10000000000000001}]}}'],
    ['a fraction', '{"at":0.1}', '{"at":0.1000000000000000055511151231257827}'],
    ['a number beyond all', '{"uid":1e400}', '{"uid":2e400}'],
  ])('nor if the platform has rounded what tells them apart: %s', async (_, one, other) => {
    const app = createApp({
      config: {
        accounts: { aws: awsAccount() },
        callers: { web: { authorizer: { gateway, kind: 'lambda', claims: { principalId: 'user' } } } },
      },
      environment: { ACCOUNT: 'the secret of the account' },
      deps: { transport: cloudTransport().transport },
    });
    const keyFor = async (context: string) => {
      const authorizer = { principalId: 'user', ...(JSON.parse(context) as object) };
      const { body: answer } = replyOf(await app.handle(event(authorizer)));
      return (answer['credentials'] as { accessKeyId: string }).accessKeyId;
    };
    const first = await keyFor(one);
    expect(first).toMatch(/^ASIA/);
    expect(await keyFor(other)).not.toBe(first);
  });
});

describe('an account that is configured anew', () => {
  const store = memoryStore(() => startsAt);
  const keyOf = async (account: object, secret = 'the secret of the account') => {
    const cloud = cloudTransport();
    const app = createApp({
      config: { accounts: { aws: awsAccount(account) } },
      environment: { ACCOUNT: secret },
      deps: { transport: cloud.transport, store, shared: true },
    });
    expect((await app.ask('/assumeRole', JSON.parse(body))).status).toBe(200);
    return cloud.requests.length;
  };

  it('asks the cloud again, though the store holds what the account gave before', async () => {
    expect(await keyOf({})).toBe(1);
    expect(await keyOf({})).toBe(0);
    expect(await keyOf({ endpoint: 'https://elsewhere.example.test/' })).toBe(1);
    expect(await keyOf({ key: { id: 'AKIDNEW', secret: 'env:ACCOUNT' } })).toBe(1);
    expect(await keyOf({ region: 'eu-central-1' })).toBe(1);
    expect(await keyOf({}, 'another secret')).toBe(1);
    expect(await keyOf({ requestsPerSecond: 7 })).toBe(0);
  });
});
