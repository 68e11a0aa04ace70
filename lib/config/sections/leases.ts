import { resolve } from 'node:path';
import { distinctName } from '../../core/distinct-name.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { DeliverySettings } from '../../delivery/settings.ts';
import type { Lease, LeaseSettings } from '../../leases/lease.ts';
import type { ConfigContext } from '../references/local.ts';
import type { WrittenConfig } from '../schema.ts';
import type { CallersContext } from './callers.ts';
import type { WrittenDelivery, WrittenLease } from './lease-schema.ts';

/** Who grants may name though no configuration has them: who keeps leases fresh, and who shows a lease's own token. */
export const leaseCallers = ['leases', 'lease-reader'] as const;

/** What reading this part takes besides. */
export interface LeasesContext extends CallersContext, ConfigContext {
  isAccount(name: string): boolean;
  /** Whether this process has credentials of AWS of its own. */
  readonly onAws: boolean;
}

/** The leases of a configuration, from how they are written. */
export const leasesOf = (
  { leases, notify }: Pick<WrittenConfig, 'leases' | 'notify'>,
  surroundings: LeasesContext,
): LeaseSettings => ({
  leases: new Map(Object.entries(leases).map(([name, written]) => [name, leaseOf(name, written, surroundings)])),
  notify: notify.map(({ url, secret }, index) => ({
    kind: 'webhook',
    url: new URL(url),
    secret: surroundings.secret(`notify.${index}.secret`, secret),
  })),
});

const leaseOf = (name: string, written: WrittenLease, surroundings: LeasesContext): Lease => {
  const path = `leases.${name}`;
  const { account, readToken, deliver } = written;
  if (!surroundings.isAccount(account))
    surroundings.complain(`${path}.account`, `names ${account}, which is no account`);
  return {
    name,
    account,
    request: requestOf(name, written),
    deliveries: deliver.map((each, index) => deliveryOf(each, `${path}.deliver.${index}`, surroundings)),
    ...omitUndefined({ readToken: readToken === undefined ? undefined : readTokenOf(readToken, path, surroundings) }),
  };
};

const requestOf = (lease: string, written: WrittenLease): Lease['request'] => {
  const { account, durationSeconds, policy, tags } = written;
  const common = omitUndefined({
    account,
    durationSeconds,
    policy: policy && JSON.stringify(policy),
    tags: tags && Object.entries(tags).map(([key, value]) => ({ key, value })),
  });
  if (written.operation === 'AssumeRole') {
    return { operation: 'AssumeRole', role: written.role, sessionName: written.sessionName ?? lease, ...common };
  }
  // Clouds take no more than 32 characters for a federated user's name.
  return { operation: 'GetFederationToken', name: written.name ?? distinctName(lease, { maxLength: 32 }), ...common };
};

/** Told from a JWT by having no dot: which of the two a reader shows is seen by its form alone. */
const readTokenOf = (reference: string, path: string, { secret, complain }: LeasesContext) => {
  const token = secret(`${path}.readToken`, reference);
  if (!/^[A-Za-z0-9_~+/=-]{32,1024}$/.test(token.reveal())) {
    complain(`${path}.readToken`, 'must refer to 32 characters or more, of letters, digits, _ ~ + / = -');
  }
  return token;
};

const deliveryOf = (written: WrittenDelivery, path: string, surroundings: LeasesContext): DeliverySettings => {
  const { secret, complain, folder, onAws } = surroundings;
  switch (written.kind) {
    case 'secretsmanager':
    case 'ssm': {
      if (!onAws) complain(path, "asks AWS, yet the environment does not say where this process's credentials are");
      const { endpoint, ...rest } = written;
      return omitUndefined({ ...rest, endpoint: endpoint === undefined ? undefined : new URL(endpoint) });
    }
    case 'tencent-ssm': {
      const { id, secret: half, token } = written.key;
      const key = omitUndefined({
        id: /^(env|file):/.test(id) ? secret(`${path}.key.id`, id).reveal() : id,
        secret: secret(`${path}.key.secret`, half),
        token: token === undefined ? undefined : secret(`${path}.key.token`, token),
      });
      return { ...written, key, endpoint: new URL(written.endpoint) };
    }
    case 'kubernetes': {
      // In a cluster the certificates are beside the token.
      const inCluster = written.endpoint.startsWith('https://kubernetes.default');
      const beside = inCluster ? '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' : undefined;
      const caFile = written.caFile === undefined ? beside : resolve(folder, written.caFile);
      const tokenFile = resolve(folder, written.tokenFile);
      return omitUndefined({ ...written, endpoint: new URL(written.endpoint), tokenFile, caFile });
    }
    case 'file':
      return { ...written, path: resolve(folder, written.path) };
    case 'webhook':
      return { ...written, url: new URL(written.url), secret: secret(`${path}.secret`, written.secret) };
  }
};
