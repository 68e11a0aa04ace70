import { describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/core/secret.ts';
import { account, now, variables } from '../../support/clouds/tencent-v2.ts';

describe("the environment of Tencent Cloud's tools", () => {
  it('has the token by both names that are about', () => {
    const credentials = {
      accessKeyId: 'I',
      secretAccessKey: new Secret('K'),
      sessionToken: new Secret('T'),
      expiration: now,
    };
    expect(variables?.(credentials, account({ region: 'gz' }))).toEqual([
      ['TENCENTCLOUD_SECRET_ID', 'I'],
      ['TENCENTCLOUD_SECRET_KEY', 'K'],
      ['TENCENTCLOUD_TOKEN', 'T'],
      ['TENCENTCLOUD_SECURITY_TOKEN', 'T'],
      ['TENCENTCLOUD_REGION', 'gz'],
    ]);
    expect(variables?.(credentials, account())).toHaveLength(4);
  });
});
