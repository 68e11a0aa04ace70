import type { WrittenConfig } from '../config/schema.ts';
import type { WrittenGrant } from '../config/sections/grants.ts';
import { compilePattern } from '../grants/pattern.ts';

/** Something in a configuration that is allowed, and probably not meant. */
export interface Warning {
  readonly path: string;
  readonly why: string;
}

/** Claims that begin with who owns the thing: an organisation, a group, a namespace, a trust domain. */
const owned = new Set(['sub', 'repository', 'repository_owner', 'project_path', 'namespace_path', 'job_workflow_ref']);

/** What stands before the name of the owner in a subject: `repo:`, `project_path:`, `spiffe://`, `system:serviceaccount:`. */
const prefix = /^(repo:|project_path:|spiffe:\/\/|system:serviceaccount:)?/;

const ownerOf = (pattern: string): string => pattern.replace(prefix, '').split(/[/:]/, 1)[0] ?? '';

const isBare = (pattern: string): boolean => /^\*+$/.test(pattern);

/**
 * Whether a pattern takes the subject that GitHub gives to workflows of a pull request, which anybody may open:
 * `repo:ORG/REPO:pull_request`.
 */
const admitsPullRequests = (pattern: string): boolean => {
  const owner = /^repo:([^*:]+)/.exec(pattern)?.[1];
  if (owner === undefined) return false;
  const repository = owner.includes('/') ? owner : `${owner}/x`;
  const matches = compilePattern(pattern);
  return matches(`repo:${repository}:pull_request`) || matches(`repo:${repository.replace(/\/$/, '/x')}:pull_request`);
};

const claimWarnings = (grant: WrittenGrant, path: string): Warning[] =>
  Object.entries(grant.claims).flatMap(([name, patterns]) =>
    patterns.flatMap((pattern): Warning[] => {
      const at = `${path}.claims.${name}`;
      if (isBare(pattern)) return [{ path: at, why: `${pattern} admits every value` }];
      const warnings: Warning[] = [];
      if (owned.has(name) && ownerOf(pattern).includes('*')) {
        warnings.push({ path: at, why: `${pattern} admits more than one organisation` });
      }
      const narrowed = grant.claims['event_name'] !== undefined || grant.claims['ref'] !== undefined;
      if (name === 'sub' && !narrowed && admitsPullRequests(pattern)) {
        warnings.push({ path: at, why: `${pattern} admits pull requests, which anybody may open` });
      }
      return warnings;
    }),
  );

const grantWarnings = (written: WrittenConfig, grant: WrittenGrant, index: number): Warning[] => {
  const path = `grants.${index}`;
  const byToken = grant.callers.filter((name) => {
    const jwt = written.callers[name]?.jwt;
    return jwt !== undefined && Object.keys(jwt.claims).length === 0;
  });
  const warnings: Warning[] = [];
  if (byToken.length > 0 && Object.keys(grant.claims).length === 0) {
    warnings.push({
      path,
      why: `has no claims, so every token of the issuer of ${byToken.join(' and ')} is as good as any`,
    });
  }
  if (grant.roles.some(isBare)) warnings.push({ path: `${path}.roles`, why: 'admits every role of the account' });
  if (grant.mode === 'audit') warnings.push({ path: `${path}.mode`, why: 'is audit: the conditions are not enforced' });
  return [...warnings, ...claimWarnings(grant, path)];
};

/** Everything that a careful reader would ask about. */
export const lint = (written: WrittenConfig): readonly Warning[] => [
  ...written.grants.flatMap((grant, index) => grantWarnings(written, grant, index)),
  ...Object.entries(written.authority?.roles ?? {}).flatMap(([name, role]) =>
    role.trust.includes('*')
      ? [{ path: `authority.roles.${name}.trust`, why: 'trusts every caller that is proven' }]
      : [],
  ),
];
