import { reservedCallers } from '../core/caller.ts';
import { consoleAccount } from '../core/requests.ts';
import type { ConfigContext } from './context.ts';
import type { WrittenConfig } from './schema.ts';

/** Checks that every name by which one section refers to another exists there. */
export const checkNames = (written: WrittenConfig, { fault }: Pick<ConfigContext, 'fault'>): void => {
  const { accounts, grants, leases, events, authority, issuer } = written;
  const observed = grants.some(({ operations }) => operations.includes('Observe'));
  const callers = new Set<string>([...Object.keys(written.callers), ...reservedCallers]);

  const checkCallers = (path: string, names: readonly string[]): void => {
    for (const name of names) if (!callers.has(name)) fault(path, `names ${name}, which is not a caller`);
  };
  const checkAccount = (path: string, name: string): void => {
    if (issuer !== undefined && name === 'issuer') return;
    if (observed && name === consoleAccount) return;
    if (!Object.hasOwn(accounts, name)) fault(path, `names ${name}, which is not an account`);
  };

  const grantNames = new Set<string>();
  for (const [index, grant] of grants.entries()) {
    // Records say by which grant, and what callers of a grant may share is kept by its name.
    if (grantNames.has(grant.name)) fault(`grants.${index}.name`, `is ${grant.name}, which another grant has too`);
    grantNames.add(grant.name);
    checkCallers(`grants.${index}.callers`, grant.callers);
    checkAccount(`grants.${index}.account`, grant.account);
    checkCallers(`grants.${index}.token.actors`, grant.token?.actors ?? []);
    const ofIssuer = issuer !== undefined && grant.account === 'issuer';
    if (grant.operations.some((operation) => (operation === 'IssueToken') !== ofIssuer)) {
      fault(`grants.${index}.operations`, 'must be IssueToken alone with the account issuer, and never with another');
    }
    if (
      grant.operations.some((operation) => (operation === 'Observe') !== (observed && grant.account === consoleAccount))
    ) {
      fault(`grants.${index}.operations`, 'must be Observe alone with the account console, and never with another');
    }
    if (ofIssuer && grant.token === undefined) fault(`grants.${index}.token`, 'is missing');
  }
  for (const [name, lease] of Object.entries(leases)) checkAccount(`leases.${name}.account`, lease.account);
  for (const [origin, caller] of Object.entries(events?.sources ?? {})) {
    checkCallers(`events.sources.${origin}`, [caller]);
  }
  for (const [name, recipient] of Object.entries(events?.recipients ?? {})) {
    checkCallers(`events.recipients.${name}.callers`, recipient.callers);
  }
  if (authority === undefined && Object.values(accounts).some(({ cloud }) => cloud === 'authority')) {
    fault('authority', 'is missing, but an account has the cloud authority');
  }
  if (issuer !== undefined && Object.hasOwn(accounts, 'issuer')) {
    fault('accounts.issuer', 'is the name of our own issuer, which needs no account');
  }
  if (observed && Object.hasOwn(accounts, consoleAccount)) {
    fault(`accounts.${consoleAccount}`, 'is what grants of Observe name, which needs no account');
  }
  const usesIssuer = Object.values(accounts).some(
    (account) => account.cloud !== 'authority' && account.webIdentity?.token === 'issuer',
  );
  if (issuer === undefined && usesIssuer) fault('issuer', 'is missing, but an account is proven by its tokens');
};
