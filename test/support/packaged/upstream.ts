import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clouds, spec } from '../../../functions/sts.ts';
import { processDeps } from '../../../lib/app/process-deps.ts';
import { openLaptop } from '../../../lib/laptop/laptop.ts';
import type { LocalAccess } from '../../../lib/laptop/local-state.ts';

/** The built-in authority behind a port of this machine, and what a caller of it needs. */
export interface Upstream {
  readonly access: LocalAccess;
  /** Ends every connection, as a cloud does with those that nothing was sent over for a while. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** Opens a whole laptop server, which the deployed functions take for their clouds. */
export const openUpstream = async (): Promise<Upstream> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-upstream-'));
  const laptop = await openLaptop(spec, clouds, { folder, host: '127.0.0.1', port: 0 }, processDeps());
  return {
    access: laptop.access,
    dropConnections: () => laptop.server.closeAllConnections(),
    close: async () => {
      laptop.server.closeAllConnections();
      await new Promise((resolve) => laptop.server.close(resolve));
      await laptop.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Our own caller of the deployed functions, as they are configured here. */
export const ours = {
  accessKeyId: 'AKIDCREDMINTEXAMPLE1',
  secretAccessKey: 'our-callers-secret-of-40-characters-long',
};

/** What the functions find in their environment. */
export const environment = (access: LocalAccess, recipient: object): Readonly<Record<string, string>> => ({
  CREDMINT_CONFIG: 'credmint.config.json',
  ACCOUNT_SECRET: access.accessKey.secret,
  CI_SECRET: ours.secretAccessKey,
  RECIPIENT: JSON.stringify(recipient),
  // Of the function's own role, as Lambda puts it there.
  AWS_ACCESS_KEY_ID: 'ASIAROLEOFTHEFUNCTION',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-role',
  AWS_SESSION_TOKEN: 'token-of-the-role',
  AWS_REGION: 'eu-central-1',
});

/** The configuration that is packaged: two clouds, both of them the authority, and replies to this machine's post. */
export const configuration = ({ url, accessKey, roles }: LocalAccess, post: string) => {
  const account = (cloud: string) => ({
    cloud,
    endpoint: `${url}/`,
    region: 'us-east-1',
    key: { id: accessKey.id, secret: 'env:ACCOUNT_SECRET' },
  });
  const grant = (name: string) => ({
    name,
    // And whoever keeps leases fresh.
    callers: ['ci', 'leases'],
    account: name,
    operations: ['AssumeRole', 'GetFederationToken'],
    roles: [roles[name]],
    accepts: ['policy'],
  });
  return {
    accounts: { aws: account('aws'), 'tencent-v3': account('tencent-v3') },
    callers: { ci: { accessKey: { id: ours.accessKeyId, secret: 'env:CI_SECRET' } } },
    grants: [grant('aws'), grant('tencent-v3')],
    leases: {
      nightly: {
        account: 'aws',
        operation: 'AssumeRole',
        role: roles['aws'],
        deliver: [{ kind: 'webhook', url: `${post}/leases`, secret: 'env:CI_SECRET' }],
      },
    },
    events: {
      sources: {
        'arn:aws:sqs:eu-central-1:123456789012:credmint-dev-requests': 'ci',
        'arn:aws:sns:eu-central-1:123456789012:credmint-requests': 'ci',
        'eventbridge:123456789012': 'ci',
        'ckafka:credmint-requests': 'ci',
        'timer:nightly': 'ci',
        'cos:inbox-1250000000': 'ci',
      },
      recipients: {
        etl: {
          jwk: 'env:RECIPIENT',
          callers: ['ci'],
          reply: { kind: 'sqs', queue: `${post}/123456789012/replies`, region: 'eu-central-1' },
        },
      },
    },
  };
};
