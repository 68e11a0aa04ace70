import { allOperations, type ServedApp, serveApp } from './app.ts';

/** The key of the caller `ci`, in the service of roles. */
export const ci = { id: 'AKIDORACLE', secret: 'the-secret-of-the-oracle' };

interface RolesOptions {
  readonly more?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A service with the accounts and the roles of the vendors' pages, and with roles that not everybody may have. */
export const openRoles = ({ more = {}, environment = {} }: RolesOptions = {}): Promise<ServedApp> =>
  serveApp({
    config: {
      callers: { ci: { accessKey: { id: ci.id, secret: 'env:CI' } } },
      grants: [
        {
          name: 'all',
          callers: ['ci', 'session'],
          account: 'authority',
          operations: allOperations,
          roles: ['**'],
          accepts: ['policy', 'tags', 'sourceIdentity'],
        },
      ],
      authority: {
        keys: ['env:RING'],
        accountIds: { 'tencent-v2': '12345678', 'tencent-v3': '12345678', ucloud: '50170000', ecs: 's3' },
        roles: {
          closed: { trust: ['somebody-else'] },
          partner: { trust: ['ci'], externalId: 'four-eyes' },
          short: { trust: ['ci'], maxSessionDurationSeconds: 900 },
          s3assumeRole: { trust: ['ci'], maxSessionDurationSeconds: 43_200 },
          page: {
            trust: ['ci'],
            maxSessionDurationSeconds: 43_200,
            aliases: ['qcs::cam::uin/12345678:role/4611686018427397919', 'FwesBQjA'],
          },
        },
      },
      ...more,
    },
    environment: { CI: ci.secret, ...environment },
  });
