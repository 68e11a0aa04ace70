import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { createApp } from '../../support/app.ts';

const role = 'arn:aws:iam::123456789012:role/demo';
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const reply =
  '<R><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>' +
  '<SessionToken>token</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></R>';

interface Changes {
  readonly account?: object;
  readonly grant?: object;
}

/** The service with an account at a store, of which every request is kept. */
const storeOf = (profile: string, { account = {}, grant = {} }: Changes = {}) => {
  const sent: HttpRequest[] = [];
  const app = createApp({
    config: {
      accounts: {
        store: {
          cloud: 'aws',
          profile,
          endpoint: 'https://store.example',
          key: { id: 'AKIASTORE', secret: 'env:STORE' },
          ...account,
        },
      },
      grants: [
        {
          name: 'all',
          callers: ['ci'],
          account: 'store',
          operations: ['AssumeRole', 'GetFederationToken', 'GetSessionToken'],
          roles: ['**'],
          ...grant,
        },
      ],
    },
    environment: { STORE: 'secret', TOKEN: 'a.b.c' },
    deps: {
      transport: async (request) => {
        sent.push(request);
        return { status: 200, headers: { 'content-type': 'text/xml' }, body: reply };
      },
    },
  });
  const ask = (path: string, body: object = {}) => app.ask(path, { account: 'store', ...body });
  const assume = (body: object = {}) => ask('/assumeRole', { roleArn: role, roleSessionName: 'job', ...body });
  const forms = () => sent.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  return { ask, assume, forms };
};

describe('a grant that must narrow, at a store that cannot', () => {
  it.each([
    ['a policy that is not read', 'noobaa', { policy }],
    ['a policy that is answered by 501', 'vast', { policy }],
    ['tags that are ignored', 'ceph', { tags: { team: 'red' } }],
    ['a source identity that is ignored', 'minio', { policy, sourceIdentity: 'ci' }],
    ['an external id that is read and not used', 'ceph', { externalId: 'env:STORE' }],
  ])('is refused, and nothing is sent: %s', async (_, profile, grant) => {
    const { assume, forms } = storeOf(profile, { grant });
    const { status, body } = await assume();
    expect([status, body.code, forms()]).toEqual([400, 'InvalidParameter', []]);
  });

  it('is refused if only the role would narrow, and that is ignored', async () => {
    const { assume, forms } = storeOf('minio');
    expect((await assume()).body.code).toBe('MissingParameter');
    expect(forms()).toEqual([]);
  });
});

describe('a grant that the store can narrow by', () => {
  it('is sent with its policy', async () => {
    const { assume, forms } = storeOf('minio', { grant: { policy } });
    expect((await assume()).status).toBe(200);
    expect(forms()).toEqual([expect.objectContaining({ Action: 'AssumeRole', Policy: expect.any(String) })]);
  });

  it('is sent with its tags as the store spells them', async () => {
    const { assume, forms } = storeOf('b2', { grant: { tags: { team: 'red' } } });
    expect((await assume()).status).toBe(200);
    expect(forms()).toEqual([expect.objectContaining({ 'Tag.1.Key': 'team', 'Tag.1.Value': 'red' })]);
  });
});

describe('an operation that the store does not have', () => {
  it('is one that the account does not have', async () => {
    const { ask, forms } = storeOf('storagegrid', { grant: { policy } });
    expect((await ask('/getFederationToken', { name: 'job' })).body.code).toBe('UnsupportedOperation');
    expect(forms()).toEqual([]);
  });

  it('is minted by the federation role, if it is GetFederationToken', async () => {
    const { ask, forms } = storeOf('ceph', { account: { federationRole: role }, grant: { policy } });
    expect((await ask('/getFederationToken', { name: 'job' })).status).toBe(200);
    expect(forms()).toEqual([expect.objectContaining({ Action: 'AssumeRole', RoleArn: role })]);
  });
});

describe('an account without a key', () => {
  it('assumes roles by its identity token at a store that has nothing else', async () => {
    const account = { key: undefined, webIdentity: { token: 'env:TOKEN' } };
    const { assume, forms } = storeOf('vultr', { account });
    expect((await assume()).status).toBe(200);
    expect(forms()).toEqual([expect.objectContaining({ Action: 'AssumeRoleWithWebIdentity', RoleArn: role })]);
  });
});
