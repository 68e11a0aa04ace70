import { describe, expect, it } from 'vitest';
import { type CloudId, catalog } from '../../lib/clouds/catalog.ts';
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

  it('is encoded if it keeps to the limits', () => {
    expect(encode('aws', { sessionName: 'me', tags: [{ key: 'team', value: 'a b' }] })).toBeDefined();
    expect(encode('ucloud', { sessionName: 'a' })).toBeDefined();
  });
});
