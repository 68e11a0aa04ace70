import { describe, expect, it } from 'vitest';
import { ecs } from '../../../lib/clouds/ecs/cloud.ts';
import type { Account } from '../../../lib/core/cloud.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { now } from '../../support/clouds/ecs.ts';

describe('the variables of the tools that read from ECS', () => {
  it('are AWS’s', () => {
    const credentials = {
      accessKeyId: 'id',
      secretAccessKey: new Secret('secret'),
      sessionToken: new Secret('token'),
      expiration: now,
    };
    const account: Account = {
      name: 'main',
      cloud: 'ecs',
      endpoint: new URL('https://ecs.example.test'),
      region: 'r1',
    };
    expect(ecs.variables?.(credentials, account)).toEqual([
      ['AWS_ACCESS_KEY_ID', 'id'],
      ['AWS_SECRET_ACCESS_KEY', 'secret'],
      ['AWS_SESSION_TOKEN', 'token'],
      ['AWS_CREDENTIAL_EXPIRATION', '2026-11-22T01:34:16.000Z'],
      ['AWS_REGION', 'r1'],
    ]);
  });
});
