import { describe, expect, it } from 'vitest';
import type { Account } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { MintOperation, TokenRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { arn, dialect, key, now, parse, policy, provider, role } from '../../support/clouds/aws.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('a request to AWS, Ceph or MinIO', () => {
  const account: Account = {
    name: 'main',
    cloud: 'aws',
    endpoint: new URL('https://sts.eu-west-1.amazonaws.com'),
    region: 'eu-west-1',
    key,
  };
  const encode = (request: { readonly operation: MintOperation } & object, at = account): HttpRequest => {
    const exchange = provider.operations[request.operation] as {
      encode(request: object, account: Account): HttpRequest;
    };
    return exchange.encode({ durationSeconds: 900, ...request }, at);
  };
  const moment = { now, nonce: 1 };
  const tags = [
    { key: 'Pro ject', value: 'a=b c' },
    { key: 'Empty', value: '' },
  ];
  const narrowing = { policy, policyArns: [arn('a'), arn('b')] };
  const requests = [
    {
      operation: 'AssumeRole',
      role,
      sessionName: 'sess-1',
      ...narrowing,
      tags,
      transitiveTagKeys: ['Pro ject'],
      externalId: 'x:/y=z',
      sourceIdentity: 'DevUser@123',
      serialNumber: 'arn:aws:iam::123456789012:mfa/u',
      tokenCode: new Secret('123456'),
    },
    {
      operation: 'AssumeRoleWithWebIdentity',
      role,
      sessionName: 'sess-1',
      webIdentityToken: new Secret('eyJ.eyJ.sig'),
      providerId: 'www.amazon.com',
      ...narrowing,
    },
    { operation: 'GetFederationToken', name: 'Bob', ...narrowing, tags },
    { operation: 'GetSessionToken', serialNumber: 'arn:aws:iam::123456789012:mfa/u', tokenCode: new Secret('123456') },
  ] as const;

  it.each(requests)('asks our own dialect for what was meant: $operation', (request) => {
    const sent = provider.sign(encode(request), account, key, moment);
    expect(dialect.recognizes(sent)).toBe(true);
    const { request: read, proof } = parse(sent);
    const { defaultDurationSeconds: _, ...said } = read as TokenRequest<'AssumeRole'>;
    expect(said).toEqual({ durationSeconds: 900, ...request });
    if (proof.kind === 'signature') expect(proof.verify(key.secret)).toBe(true);
    else expect(proof.kind).toBe('jwt');
  });

  it('writes a policy beyond Latin-1 in escapes, which our own dialect takes as STS does', () => {
    const wide = policy.replace('"*"', '"arn:aws:s3:::b/研发/*"');
    const request = { operation: 'GetFederationToken', name: 'Bob', policy: wide } as const;
    const { request: read } = parse(provider.sign(encode(request), account, key, moment));
    expect('policy' in read && read.policy).toContain('/\\u7814\\u53d1/');
    expect('policy' in read && JSON.parse(read.policy ?? '')).toEqual(JSON.parse(wide));
  });

  it('is a form of the Query protocol, to the endpoint’s own path', () => {
    expect(
      encode({ operation: 'GetSessionToken' }, { ...account, endpoint: new URL('http://minio.test:9000/sts/') }),
    ).toEqual({
      method: 'POST',
      scheme: 'http',
      host: 'minio.test:9000',
      path: '/sts/',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: 'Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900',
    });
  });

  it('is signed for the account’s region, or for the one that Ceph and MinIO take', () => {
    const { region: _, ...elsewhere } = account;
    const scope = (at: Account) =>
      provider.sign(encode({ operation: 'GetSessionToken' }, at), at, key, moment).headers['authorization'];
    expect(scope(account)).toContain('/20261122/eu-west-1/sts/aws4_request');
    expect(scope(elsewhere)).toContain('/20261122/us-east-1/sts/aws4_request');
  });

  it.each(['tags', 'transitiveTagKeys', 'externalId', 'sourceIdentity', 'serialNumber', 'tokenCode'])(
    'by web identity is not made where it would lose %s',
    (name) => {
      expect(refusalCode(() => encode({ ...requests[1], [name]: [] }))).toBe('InvalidParameter');
    },
  );

  it('asks who the account is', () => {
    expect(provider.identity?.encode(account).body).toBe('Action=GetCallerIdentity&Version=2011-06-15');
  });
});
