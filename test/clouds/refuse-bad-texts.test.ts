import { describe, expect, it } from 'vitest';
import { type CloudId, catalog, upstreams } from '../../lib/clouds/catalog.ts';
import type { Account, Upstream } from '../../lib/core/cloud.ts';
import type { MintRequest } from '../../lib/core/requests.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const encode = (cloud: CloudId, request: object) => {
  const upstream: Upstream = catalog[cloud];
  const account: Account = { name: 'a', cloud, endpoint: new URL('https://cloud.example.test/') };
  const whole = { operation: 'AssumeRole', role: 'urn:ecs:iam::ns1:role/demo', sessionName: 'me', ...request };
  const exchange = upstream.provider.operations[whole.operation as 'AssumeRole'];
  return exchange?.encode({ durationSeconds: 900, ...whole } as unknown as MintRequest<'AssumeRole'>, account);
};

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));

describe('a request that the cloud would refuse', () => {
  // Limits beside their sources: limits.ts of each cloud.
  it.each([
    ['aws', { sessionName: 'a' }, 'roleSessionName must have 2 to 64 characters at this cloud.'],
    ['aws', { sessionName: 'a'.repeat(65) }, 'roleSessionName must have 2 to 64 characters at this cloud.'],
    ['ecs', { sessionName: 'a' }, 'roleSessionName must have 2 to 64 characters at this cloud.'],
    ['tencent-v3', { sessionName: 'a' }, 'roleSessionName must have 2 to 128 characters at this cloud.'],
    ['ucloud', { sessionName: 'me@home' }, 'roleSessionName holds characters it may not hold at this cloud.'],
    ['aws', { tags: [{ key: 'a[0]', value: '' }] }, 'tags holds characters it may not hold at this cloud.'],
    ['aws', { tags: [{ key: 'a', value: 'b[' }] }, 'tags holds characters it may not hold at this cloud.'],
    ['aws', { externalId: 'a' }, 'externalId must have 2 to 1224 characters at this cloud.'],
    ['aws', { sourceIdentity: 'a' }, 'sourceIdentity must have 2 to 64 characters at this cloud.'],
    ['aws', { policyArns: ['arn:short'] }, 'policyArns must have 20 to 2048 characters at this cloud.'],
    ['alibaba', { sessionName: 'me+you' }, 'roleSessionName holds characters it may not hold at this cloud.'],
    ['alibaba', { sessionName: 'a'.repeat(65) }, 'roleSessionName must have 2 to 64 characters at this cloud.'],
    ['alibaba', { externalId: 'a' }, 'externalId must have 2 to 1224 characters at this cloud.'],
    ['alibaba', { sourceIdentity: 'a' }, 'sourceIdentity must have 2 to 64 characters at this cloud.'],
    ['volcengine', { sessionName: 'a=b' }, 'roleSessionName holds characters it may not hold at this cloud.'],
    ['volcengine', { role: 'trn:iam::1:role/a b' }, 'roleArn holds characters it may not hold at this cloud.'],
    ['volcengine', { tags: [{ key: '', value: 'b' }] }, 'tags must have 1 to 128 characters at this cloud.'],
    ['huawei', { sessionName: 'a' }, 'roleSessionName must have 2 to 128 characters at this cloud.'],
    ['huawei', { tags: [{ key: 'a', value: 'b'.repeat(256) }] }, 'tags must have 0 to 255 characters at this cloud.'],
    ['huawei', { tags: many(21) }, 'tags may have at most 20 members at this cloud.'],
    ['huawei', { policyArns: ['a'.repeat(129)] }, 'policyArns must have 1 to 128 characters at this cloud.'],
    [
      'huawei',
      { transitiveTagKeys: many(21).map(({ key }) => key) },
      'transitiveTagKeys may have at most 20 members at this cloud.',
    ],
    ['aws', { tags: many(51) }, 'tags may have at most 50 members at this cloud.'],
    ['aws', { serialNumber: 'short' }, 'serialNumber must have 9 to 256 characters at this cloud.'],
    [
      'aws',
      { operation: 'GetFederationToken', name: 'a'.repeat(33) },
      'name must have 2 to 32 characters at this cloud.',
    ],
  ] as const)('is refused before %s is asked, by the parameter and the rule: %j', (cloud, request, message) => {
    const refusal = expectRefusal(() => encode(cloud, request));
    expect(refusal).toMatchObject({ code: 'InvalidParameter', message });
    expect(refusal.detail.parameter).toBe(message.split(' ')[0]);
  });

  it.each(
    upstreams.filter(({ provider }) => provider.operations.AssumeRole !== undefined).map(({ id }) => id as CloudId),
  )('is refused before %s is asked, for a session of a name that no cloud takes', (cloud) => {
    expect(expectRefusal(() => encode(cloud, { sessionName: `${'a'.repeat(128)} b` }))).toMatchObject({
      code: 'InvalidParameter',
      detail: { parameter: 'roleSessionName' },
    });
  });

  it('is encoded if it keeps to the limits', () => {
    expect(encode('aws', { sessionName: 'me', tags: [{ key: 'team', value: 'a b' }] })).toBeDefined();
    expect(encode('ucloud', { sessionName: 'a' })).toBeDefined();
  });
});
