import { describe, expect, it } from 'vitest';
import type { Account } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { MintRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { dialect, key, now, parse, policy, provider, wanted } from '../../support/clouds/ucloud.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('a request to UCloud', () => {
  const account: Account = {
    name: 'main',
    cloud: 'ucloud',
    endpoint: new URL('https://api.ucloud.cn/'),
    key,
    projectId: 'org-fake01',
    region: 'cn-bj2',
  };
  const mint = {
    operation: 'AssumeRole',
    role: wanted.RoleUrn,
    sessionName: 'sess-1',
    durationSeconds: 900,
  } as unknown as MintRequest<'AssumeRole'>;
  const encode = (request: object, at = account) =>
    provider.operations.AssumeRole?.encode({ ...mint, ...request }, at) as HttpRequest;
  const moment = { now, nonce: 1 };

  it('is a form, with the account’s region and project', () => {
    expect(encode({ policy })).toEqual({
      form: expect.any(Map),
      method: 'POST',
      scheme: 'https',
      host: 'api.ucloud.cn',
      path: '/',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `Action=AssumeRole&RoleUrn=ucs%3Aiam%3A%3A12345678%3Arole%2Ftest-role&RoleSessionName=sess-1&DurationSeconds=900&Policy=${encodeURIComponent(policy).replaceAll('*', '%2A')}&Region=cn-bj2&ProjectId=org-fake01`,
    });
  });

  it('is believed by our own dialect, and asks what was meant', () => {
    const temporary = { ...key, token: new Secret('TOKEN+/=') };
    for (const used of [key, temporary]) {
      const sent = provider.sign(encode({ policy }), account, used, moment);
      expect(dialect.recognizes(sent)).toBe(true);
      const { request, proof } = parse(sent);
      expect(request).toMatchObject({ role: mint.role, sessionName: 'sess-1', durationSeconds: 900, policy });
      expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    }
  });

  it('is signed as the vector of UCloud’s Python SDK, where it says the same', () => {
    const plain = { ...account };
    const { region: _, projectId: __, ...alone } = plain;
    const sent = provider.sign(encode({ durationSeconds: 3600 }, alone), alone, key, moment);
    expect(sent.body).toMatch(/&Signature=18055471a8393093120f95bd30c69d3abe00fb42$/);
  });

  it('goes over HTTP where the operator says so', () => {
    const inside = { ...account, endpoint: new URL('http://api.service.ucloud.cn') };
    expect(encode({}, inside)).toMatchObject({ scheme: 'http', host: 'api.service.ucloud.cn', path: '/' });
  });

  it.each(['policyArns', 'tags', 'transitiveTagKeys', 'externalId', 'sourceIdentity', 'serialNumber', 'tokenCode'])(
    'is not made where it would lose %s',
    (name) => {
      expect(refusalCode(() => encode({ [name]: ['x'] }))).toBe('InvalidParameter');
    },
  );

  it('cannot be for anything but a role', () => {
    expect(Object.keys(provider.operations)).toEqual(['AssumeRole']);
    expect(provider.identity).toBeUndefined();
    expect(provider.login).toBeUndefined();
  });
});
