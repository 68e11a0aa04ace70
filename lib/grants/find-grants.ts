import type { Operation, TokenRequest } from '../core/requests.ts';
import { claimRequirements, claimTextsAbout } from './claims-index.ts';
import type { Question } from './evaluate.ts';
import type { Grant } from './grant.ts';
import { type LiteralIndex, literalIndex, type Requirement, type TextsAbout } from './literal-index.ts';
import type { Pattern } from './pattern.ts';

/**
 * The grants, found by who asks for what. A decision tries only what is found, which is all that can allow the request and
 * little else, so it costs the same however many grants a caller has. docs/decisions/0018-grants-are-found.md has why.
 */
export interface FindGrants {
  /** All grants of a caller, in the order of the configuration. */
  of(caller: string): readonly Grant[];
  /** Every grant that allows a request, and some that do not, in that order. */
  candidates(question: Question): readonly Grant[];
  /** Every grant in `audit` mode whose scope a request is in, and some others, in that order. */
  inAuditMode(question: Question): readonly Grant[];
}

/** A grant's patterns for what an operation names; undefined for an operation that names nothing. */
const patternsFor = (operation: Operation, { roles, leases = [], token }: Grant): readonly Pattern[] | undefined => {
  switch (operation) {
    case 'AssumeRole':
    case 'AssumeRoleWithWebIdentity':
      return roles;
    case 'ReadLease':
    case 'ListLeases':
      return leases;
    case 'IssueToken':
      return token?.audiences ?? [];
    default:
      return undefined;
  }
};

/** The texts that must match those patterns. Every audience must, so the first one tells enough. */
const textsAskedFor = (request: TokenRequest): readonly string[] | undefined => {
  if ('role' in request) return [request.role];
  if ('lease' in request && request.lease !== undefined) return [request.lease];
  return 'audiences' in request && request.audiences.length > 0 ? request.audiences.slice(0, 1) : undefined;
};

const aboutAsked = 'asked';

const scopeOf =
  (operation: Operation) =>
  (grant: Grant): readonly Requirement[] => {
    const patterns = patternsFor(operation, grant);
    return patterns === undefined ? [] : [{ about: aboutAsked, patterns }];
  };

const textsOf = ({ caller: { claims = {} }, request }: Question): TextsAbout => {
  const textsOfClaim = claimTextsAbout(claims);
  return (about) => (about === aboutAsked ? textsAskedFor(request) : textsOfClaim(about));
};

/** Indexes of one caller's grants at one account, or at all for requests that name none; made when first asked. */
interface Indexes {
  readonly grants: Grant[];
  readonly byOperation: Map<Operation, Record<'whole' | 'audit', LiteralIndex<Grant>>>;
}

const indexesFor = ({ grants, byOperation }: Indexes, operation: Operation) => {
  const known = byOperation.get(operation);
  if (known !== undefined) return known;
  const allowed = grants.filter(({ operations }) => operations.has(operation));
  const scope = scopeOf(operation);
  const made = {
    whole: literalIndex(allowed, (grant) => [...scope(grant), ...claimRequirements(grant.claims ?? [])]),
    audit: literalIndex(
      allowed.filter(({ mode }) => mode === 'audit'),
      scope,
    ),
  };
  byOperation.set(operation, made);
  return made;
};

const nothing: Indexes = { grants: [], byOperation: new Map() };

export const findGrants = (grants: readonly Grant[]): FindGrants => {
  const byCaller = new Map<string, Map<string | undefined, Indexes>>();
  for (const grant of grants) {
    for (const caller of grant.callers) {
      const byAccount = byCaller.get(caller) ?? new Map<string | undefined, Indexes>();
      byCaller.set(caller, byAccount);
      for (const account of [undefined, grant.account]) {
        const indexes: Indexes = byAccount.get(account) ?? { grants: [], byOperation: new Map() };
        byAccount.set(account, indexes);
        indexes.grants.push(grant);
      }
    }
  }
  const indexes = ({ caller, request }: Question) => {
    const account = 'account' in request ? request.account : undefined;
    return indexesFor(byCaller.get(caller.name)?.get(account) ?? nothing, request.operation);
  };
  return {
    of: (caller) => byCaller.get(caller)?.get(undefined)?.grants ?? [],
    candidates: (question) => indexes(question).whole.candidates(textsOf(question)),
    inAuditMode: (question) => indexes(question).audit.candidates(textsOf(question)),
  };
};
