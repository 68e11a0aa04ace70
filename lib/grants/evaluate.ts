import { isIPv6 } from 'node:net';
import type { Caller } from '../core/caller.ts';
import type { DenialReason, DenialTrace, UnmetClause } from '../core/denial.ts';
import type { TokenRequest } from '../core/requests.ts';
import { claimOf, claimTexts, classOf, meetsClaim } from './claims.ts';
import type { Grant } from './grant.ts';
import { listed } from './listed.ts';
import { isWithin } from './times.ts';

/** What is asked, by whom, and how it came. */
export interface Question<Request extends TokenRequest = TokenRequest> {
  readonly caller: Caller;
  readonly request: Request;
  readonly dialect: string;
  readonly sourceIp?: string;
  readonly now: Date;
}

/** Says what a clause asks for and what was there. Called for the few grants that a trace lists. */
type Description = () => Pick<UnmetClause, 'expected' | 'saw'>;

/** How to describe that a request does not meet the clause; undefined if it does. */
type Clause = (grant: Grant, question: Question) => Description | undefined;

interface NamedClause {
  readonly clause: string;
  readonly reason: DenialReason;
  readonly unmet: Clause;
}

const differs =
  (expected: Parameters<typeof listed>[0], value: unknown): Description =>
  () => ({ expected: listed(expected, 'or'), saw: classOf(value) });

/** What a grant is for. A request that fails here is not this grant's at all. */
const scope: readonly NamedClause[] = [
  {
    clause: 'dialects',
    reason: 'DialectNotGranted',
    unmet: ({ dialects }, { dialect }) =>
      dialects === undefined || dialects.has(dialect) ? undefined : differs([...dialects], dialect),
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
      operations.has(request.operation) ? undefined : differs([...operations], request.operation),
  },
  {
    clause: 'roles',
    reason: 'RoleNotGranted',
    unmet: ({ roles }, { request }) =>
      !('role' in request) || roles.some((matches) => matches(request.role)) ? undefined : differs(roles, request.role),
  },
  {
    clause: 'leases',
    reason: 'LeaseNotGranted',
    unmet: ({ leases = [] }, { request }) => {
      if (!('lease' in request) || request.lease === undefined) return undefined;
      const { lease } = request;
      // A lease that does not exist is in no account, so no grant is for it.
      const isKnown = request.account !== undefined;
      return isKnown && leases.some((matches) => matches(lease)) ? undefined : differs(leases, lease);
    },
  },
  {
    clause: 'audiences',
    reason: 'AudienceNotGranted',
    unmet: ({ token }, { request }) => {
      if (!('audiences' in request)) return undefined;
      const isAllowed = (audience: string) => token?.audiences.some((matches) => matches(audience)) === true;
      const refused = request.audiences.find((audience) => !isAllowed(audience));
      return refused === undefined ? undefined : differs(token?.audiences ?? [], refused);
    },
  },
  {
    clause: 'ownTokens',
    reason: 'OwnTokenNotGranted',
    unmet: ({ ownTokens }, { caller }) =>
      caller.byOwnIssuer === undefined || ownTokens
        ? undefined
        : () => ({ expected: 'another issuer', saw: 'our own' }),
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
      const { name, patterns } = failed;
      return () => ({ expected: `${name}: ${listed(patterns, 'or')}`, saw: classOf(claimOf(given, name)) });
    },
  },
  {
    clause: 'sourceIps',
    reason: 'SourceIpNotGranted',
    unmet: ({ sourceIps }, { sourceIp }) => {
      if (sourceIps === undefined) return undefined;
      if (sourceIp === undefined) return differs(sourceIps.written, undefined);
      const met = sourceIps.list.check(sourceIp, isIPv6(sourceIp) ? 'ipv6' : 'ipv4');
      return met ? undefined : () => ({ expected: listed(sourceIps.written, 'or'), saw: 'another address' });
    },
  },
  {
    clause: 'times',
    reason: 'OutsideTimes',
    unmet: ({ times }, { now }) =>
      times === undefined || isWithin(times, now)
        ? undefined
        : () => ({ expected: 'a time of the grant', saw: 'another time' }),
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
      if (amr === undefined || amr.every((method) => given.includes(method))) return undefined;
      return () => ({
        expected: listed(amr, 'and'),
        saw: given.length === 0 ? 'absent' : `${given.length} others`,
      });
    },
  },
];

/** In the order in which a person would check them. */
const clauses: readonly NamedClause[] = [...scope, ...conditions];

/** The first clause that a request does not meet, by its place in the order. */
interface FirstUnmet {
  readonly grant: Grant;
  readonly place: number;
  readonly clause: NamedClause;
  readonly describe: Description;
}

const firstUnmet = (grant: Grant, question: Question): FirstUnmet | undefined => {
  for (const [place, clause] of clauses.entries()) {
    const describe = clause.unmet(grant, question);
    if (describe !== undefined) return { grant, place, clause, describe };
  }
  return undefined;
};

const described = ({ grant, clause: { clause, reason }, describe }: FirstUnmet): UnmetClause => ({
  grant: grant.name,
  clause,
  reason,
  ...describe(),
});

/** How a grant takes a request: it is not its own, or it is and all conditions are met, or one is not. */
export type GrantMatch =
  | { readonly grant: Grant; readonly unmet?: undefined }
  | { readonly grant: Grant; readonly unmet: UnmetClause; readonly inScope: boolean };

/** Whether a grant allows a request; if not, the first clause that is not met. */
export const evaluate = (grant: Grant, question: Question): GrantMatch => {
  const first = firstUnmet(grant, question);
  return first === undefined ? { grant } : { grant, unmet: described(first), inScope: first.place >= scope.length };
};

/** Whether a grant allows a request. */
export const allows = (grant: Grant, question: Question): boolean => firstUnmet(grant, question) === undefined;

/**
 * The clauses that a request did not meet of the grants that came closest to it: at most so many, the closest first, and
 * of those as close in the order of the configuration. A grant is the closer, the later its first clause that is not met.
 */
export const closest = (grants: readonly Grant[], question: Question, most: number): DenialTrace => {
  const found: FirstUnmet[] = [];
  for (const grant of grants) {
    const one = firstUnmet(grant, question);
    if (one === undefined) continue;
    // Stryker disable next-line all: spares work only, as what is passed over here would be cut off below.
    if (one.place <= (found[most - 1]?.place ?? -1)) continue;
    const before = found.findIndex((other) => other.place < one.place);
    found.splice(before < 0 ? found.length : before, 0, one);
    found.length = Math.min(found.length, most);
  }
  return found.map(described);
};
