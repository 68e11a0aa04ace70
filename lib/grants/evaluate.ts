import { isIPv6 } from 'node:net';
import type { Caller } from '../core/caller.ts';
import type { DenialReason, UnmetClause } from '../core/denial.ts';
import type { TokenRequest } from '../core/requests.ts';
import { claimOf, claimTexts, classOf, meetsClaim } from './claims.ts';
import type { Grant } from './grant.ts';
import { isWithin } from './times.ts';

/** What is asked, by whom, and how it came. */
export interface Question<Request extends TokenRequest = TokenRequest> {
  readonly caller: Caller;
  readonly request: Request;
  readonly dialect: string;
  readonly sourceIp?: string;
  readonly now: Date;
}

type Clause = (grant: Grant, question: Question) => Omit<UnmetClause, 'grant' | 'reason' | 'clause'> | undefined;

interface NamedClause {
  readonly clause: string;
  readonly reason: DenialReason;
  readonly unmet: Clause;
}

const differs = (expected: Iterable<string>, value: unknown) => ({
  expected: [...expected].join(' or '),
  saw: classOf(value),
});

/** What a grant is for. A request that fails here is not this grant's at all. */
const scope: readonly NamedClause[] = [
  {
    clause: 'dialects',
    reason: 'DialectNotGranted',
    unmet: ({ dialects }, { dialect }) =>
      dialects === undefined || dialects.has(dialect) ? undefined : differs(dialects, dialect),
  },
  {
    clause: 'account',
    reason: 'AccountNotGranted',
    unmet: ({ account }, { request }) => {
      const asked = 'account' in request ? request.account : undefined;
      return asked === undefined || asked === account ? undefined : differs([account], asked);
    },
  },
  {
    clause: 'operations',
    reason: 'OperationNotGranted',
    unmet: ({ operations }, { request }) =>
      operations.has(request.operation) ? undefined : differs(operations, request.operation),
  },
  {
    clause: 'roles',
    reason: 'RoleNotGranted',
    unmet: ({ roles, writtenRoles = [] }, { request }) => {
      if (!('role' in request) || roles.some((matches) => matches(request.role))) return undefined;
      return differs(writtenRoles, request.role);
    },
  },
  {
    clause: 'leases',
    reason: 'LeaseNotGranted',
    unmet: ({ leases = [], writtenLeases = [] }, { request }) => {
      if (!('lease' in request) || request.lease === undefined) return undefined;
      const { lease } = request;
      // A lease that does not exist is in no account, so no grant is for it.
      const isKnown = request.account !== undefined;
      return isKnown && leases.some((matches) => matches(lease)) ? undefined : differs(writtenLeases, lease);
    },
  },
  {
    clause: 'audiences',
    reason: 'AudienceNotGranted',
    unmet: ({ token }, { request }) => {
      if (!('audiences' in request)) return undefined;
      const isAllowed = (audience: string) => token?.audiences.some((matches) => matches(audience)) === true;
      const refused = request.audiences.find((audience) => !isAllowed(audience));
      return refused === undefined ? undefined : differs(token?.writtenAudiences ?? [], refused);
    },
  },
  {
    clause: 'ownTokens',
    reason: 'OwnTokenNotGranted',
    unmet: ({ ownTokens }, { caller }) =>
      caller.byOwnIssuer === undefined || ownTokens ? undefined : { expected: 'another issuer', saw: 'our own' },
  },
];

/** On what conditions. In `audit` mode these are recorded and not enforced. */
const conditions: readonly NamedClause[] = [
  {
    clause: 'claims',
    reason: 'ClaimMismatch',
    unmet: ({ claims = [] }, { caller }) => {
      const given = caller.claims ?? {};
      const failed = claims.find((rule) => !meetsClaim(given, rule));
      if (failed === undefined) return undefined;
      const { expected, saw } = differs(failed.written, claimOf(given, failed.name));
      return { expected: `${failed.name}: ${expected}`, saw };
    },
  },
  {
    clause: 'sourceIps',
    reason: 'SourceIpNotGranted',
    unmet: ({ sourceIps }, { sourceIp }) => {
      if (sourceIps === undefined) return undefined;
      if (sourceIp === undefined) return differs(sourceIps.written, undefined);
      const met = sourceIps.list.check(sourceIp, isIPv6(sourceIp) ? 'ipv6' : 'ipv4');
      return met ? undefined : { expected: sourceIps.written.join(' or '), saw: 'another address' };
    },
  },
  {
    clause: 'times',
    reason: 'OutsideTimes',
    unmet: ({ times }, { now }) =>
      times === undefined || isWithin(times, now)
        ? undefined
        : { expected: 'a time of the grant', saw: 'another time' },
  },
  {
    clause: 'acr',
    reason: 'AcrTooLow',
    unmet: ({ acr }, { caller }) => {
      const given = caller.claims?.['acr'];
      return acr === undefined || (typeof given === 'string' && acr.includes(given)) ? undefined : differs(acr, given);
    },
  },
  {
    clause: 'amr',
    reason: 'AmrMissing',
    unmet: ({ amr }, { caller }) => {
      const given = claimTexts(caller.claims?.['amr']);
      if (amr === undefined || amr.every((deps) => given.includes(deps))) return undefined;
      return { expected: amr.join(' and '), saw: given.length === 0 ? 'absent' : `${given.length} others` };
    },
  },
];

const firstUnmet = (clauses: readonly NamedClause[], grant: Grant, question: Question): UnmetClause | undefined => {
  for (const { clause, reason, unmet } of clauses) {
    const found = unmet(grant, question);
    if (found !== undefined) return { grant: grant.name, clause, reason, ...found };
  }
  return undefined;
};

/** How a grant takes a request: it is not its own, or it is and all conditions are met, or one is not. */
export type GrantMatch =
  | { readonly grant: Grant; readonly unmet?: undefined }
  | { readonly grant: Grant; readonly unmet: UnmetClause; readonly inScope: boolean };

/** The first clause that a request does not meet, in the order in which a person would check them. */
export const evaluate = (grant: Grant, question: Question): GrantMatch => {
  const outside = firstUnmet(scope, grant, question);
  if (outside !== undefined) return { grant, unmet: outside, inScope: false };
  const unmet = firstUnmet(conditions, grant, question);
  return unmet === undefined ? { grant } : { grant, unmet, inScope: true };
};

/** How far a request came with a grant: the further, the closer the grant was. */
export const rank = ({ clause }: UnmetClause): number =>
  [...scope, ...conditions].findIndex((candidate) => candidate.clause === clause);
