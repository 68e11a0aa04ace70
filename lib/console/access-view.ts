import type { WrittenConfig } from '../config/schema.ts';
import type { reservedCallers } from '../core/caller.ts';
import { describeGrant } from '../diagnostics/describe.ts';
import { describeCaller } from '../diagnostics/describe-caller.ts';
import type { AccessView } from './view.ts';

const reserved: Readonly<Record<(typeof reservedCallers)[number], string>> = {
  session: 'session is every session of the built-in STS',
  leases: 'leases is this server itself, when it keeps leases fresh',
  'lease-reader': 'lease-reader is whoever shows the token of a lease',
};

/** Who can get what by a configuration, as it is written. References of secrets are not part of it. */
export const accessView = ({ callers, accounts, grants }: WrittenConfig): AccessView => {
  const named = new Set(grants.flatMap((grant) => grant.callers));
  const isConfigured = new Set(Object.keys(accounts));
  const ours = [...new Set(grants.map(({ account }) => account))].filter((name) => !isConfigured.has(name));
  return {
    callers: [
      ...Object.entries(callers).map(([name, caller]) => ({ name, proof: describeCaller(name, caller) })),
      ...Object.entries(reserved).flatMap(([name, proof]) => (named.has(name) ? [{ name, proof }] : [])),
    ],
    accounts: [
      ...Object.entries(accounts).map(([name, { cloud }]) => ({ name, cloud })),
      ...ours.map((name) => ({ name, cloud: 'this server' })),
    ],
    grants: grants.map((grant) => ({
      name: grant.name,
      callers: grant.callers,
      account: grant.account,
      operations: grant.operations,
      targets: [...grant.roles, ...grant.leases.map((lease) => `lease ${lease}`), ...(grant.token?.audiences ?? [])],
      sentence: describeGrant(grant, accounts),
      isAuditOnly: grant.mode === 'audit',
    })),
  };
};
