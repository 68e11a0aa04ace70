import { describe, expect, it } from 'vitest';
import { huawei } from '../../../lib/clouds/huawei/cloud.ts';
import type { Account } from '../../../lib/core/cloud.ts';
import type { MintRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { refusalCode } from '../../support/expect-refusal.ts';
import { requestOf } from '../../support/requests.ts';

const { provider } = huawei;
const key = { id: 'AK', secret: new Secret('secret') };
const account: Account = {
  name: 'a',
  cloud: 'huawei',
  endpoint: new URL('https://sts.cn-north-4.myhuaweicloud.com/'),
  key,
};
const older: Account = {
  ...account,
  endpoint: new URL('https://iam.cn-north-4.myhuaweicloud.com/v3.0/OS-CREDENTIAL/securitytokens'),
};
const assume = (from: Account, changes: object = {}) =>
  provider.operations.AssumeRole?.encode(
    requestOf({ role: 'iam::d01:agency:demo', ...changes }) as MintRequest<'AssumeRole'>,
    from,
  );

describe('a call of Huawei Cloud', () => {
  it('says in snake case what it has to say, and nothing else', () => {
    const request = assume(account, { tags: [{ key: 'team', value: 'build' }], tokenCode: new Secret('123456') });
    expect(request).toMatchObject({ method: 'POST', path: '/v5/agencies/assume', query: '' });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      agency_urn: 'iam::d01:agency:demo',
      agency_session_name: 'me',
      duration_seconds: 3600,
      tags: [{ key: 'team', value: 'build' }],
      token_code: '123456',
    });
  });

  it('is the older one if the endpoint is its path', () => {
    const request = assume(older);
    expect(request?.path).toBe('/v3.0/OS-CREDENTIAL/securitytokens');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['assume_role'],
          assume_role: {
            domain_id: 'd01',
            agency_name: 'demo',
            duration_seconds: 3600,
            session_user: { name: 'me' },
          },
        },
      },
    });
  });

  it('is refused the older way if it must be narrowed, or names no agency', () => {
    expect(refusalCode(() => assume(older, { policy: JSON.stringify(huawei.grammar.example) }))).toBe(
      'InvalidParameter',
    );
    expect(refusalCode(() => assume(older, { externalId: 'four-eyes' }))).toBe('InvalidParameter');
    expect(refusalCode(() => assume(older, { role: 'demo' }))).toBe('InvalidParameter');
    expect(refusalCode(() => provider.identity?.encode(older))).toBe('UnsupportedOperation');
  });
});
