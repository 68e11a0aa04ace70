import { describe, expect, it } from 'vitest';
import { ucloud } from '../../../lib/clouds/ucloud/cloud.ts';
import type { Account } from '../../../lib/core/cloud.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { now } from '../../support/clouds/ucloud.ts';

describe('the variables of UCloud’s tools', () => {
  it('hold the triad', () => {
    const credentials = {
      accessKeyId: 'id',
      secretAccessKey: new Secret('secret'),
      sessionToken: new Secret('token'),
      expiration: now,
    };
    const account: Account = {
      name: 'main',
      cloud: 'ucloud',
      endpoint: new URL('https://api.ucloud.cn/'),
      projectId: 'org',
      region: 'cn-bj2',
    };
    expect(ucloud.variables?.(credentials, account)).toEqual([
      ['UCLOUD_PUBLIC_KEY', 'id'],
      ['UCLOUD_PRIVATE_KEY', 'secret'],
      ['UCLOUD_SECURITY_TOKEN', 'token'],
      ['UCLOUD_PROJECT_ID', 'org'],
      ['UCLOUD_REGION', 'cn-bj2'],
    ]);
  });
});
