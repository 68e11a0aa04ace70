import type { Account } from '../core/cloud.ts';
import { type DenialReason, type DenialTrace, denialReasons } from '../core/denial.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { DurationRange, MintOperation, MintRequest, TokenRequest } from '../core/requests.ts';
import type { SessionMay } from '../core/session-act.ts';
import { type AppliedRequest, applyGrant } from './apply-grant.ts';
import { calledOperation } from './called-operation.ts';
import { claimsUsed } from './claims-used.ts';
import { allows, closest, evaluate, type Question } from './evaluate.ts';
import type { FindGrants } from './find-grants.ts';
import type { Grant } from './grant.ts';
import { chainedRange, heedSession } from './session-gate.ts';

/** What authorization must know besides the question. */
export interface Rules {
  readonly grants: FindGrants;
  readonly accounts: ReadonlyMap<string, Account>;
  /** What an account can do and for how long; `undefined` for an operation that its system does not have. */
  range(account: Account, operation: MintOperation, dialect: string): DurationRange | undefined;
  readonly sessionMay: SessionMay;
  /** Throws an StsError if a text is not a policy of the account's grammar and size. */
  checkPolicy(account: Account, policy: string): void;
}

/** A request that was let through by a grant in `audit` mode, and what would have refused it. */
export interface AuditOnlyViolations {
  readonly trace: DenialTrace;
}

/** The decision for a request that is allowed. */
export interface Decision {
  readonly allowed: MintRequest;
  readonly account: Account;
  readonly auditOnlyViolations?: AuditOnlyViolations;
}

const maxTraced = 5;

const denied = (reason: DenialReason, trace: DenialTrace): StsError =>
  new StsError('AccessDenied', denialReasons[reason], { reason, trace });

/** The denial of a request that no grant allows, explained by the grants that came closest. */
const denialOf = (grants: readonly Grant[], question: Question): StsError => {
  const trace = closest(grants, question, maxTraced);
  return denied(trace[0]?.reason ?? 'NoGrant', trace);
};

export interface AllowingGrant {
  readonly grant: Grant;
  readonly auditOnlyViolations?: AuditOnlyViolations;
}

/** The grants that allow a request but for a condition, which they only record. */
const lenientGrants = ({ grants }: Rules, question: Question): readonly AllowingGrant[] =>
  grants.inAuditMode(question).flatMap((grant) => {
    const match = evaluate(grant, question);
    return match.unmet !== undefined && match.inScope ? [{ grant, auditOnlyViolations: { trace: [match.unmet] } }] : [];
  });

/** The grants by which a request is allowed; none if it is not. */
export const allowingGrants = (rules: Rules, question: Question): readonly AllowingGrant[] => {
  const whole = rules.grants.candidates(question).filter((grant) => allows(grant, question));
  return whole.length > 0 ? whole.map((grant) => ({ grant })) : lenientGrants(rules, question);
};

/** The grants by which a request is allowed, of which there is at least one. */
export const grantsFor = (rules: Rules, question: Question): readonly [AllowingGrant, ...AllowingGrant[]] => {
  const [first, ...others] = allowingGrants(rules, question);
  if (first === undefined) throw denialOf(rules.grants.of(question.caller.name), question);
  return [first, ...others];
};

/** The grant by which a request is allowed. If the request names no account, only one may match. */
export const grantFor = (rules: Rules, question: Question): AllowingGrant => {
  const [first, ...others] = grantsFor(rules, question);
  if (others.some((other) => other.grant.account !== first.grant.account)) {
    throw new StsError('InvalidParameter', 'More than one account matches; name one.', {
      parameter: 'account',
    });
  }
  return first;
};

export const accountOf = (rules: Rules, grant: Grant): Account => {
  const account = rules.accounts.get(grant.account);
  if (account === undefined) throw new StsError('Misconfigured', 'A grant names an account that does not exist.');
  return account;
};

/** The request as the account's system can answer it. */
const asSupported = (account: Account, request: TokenRequest<MintOperation>): TokenRequest<MintOperation> => {
  const operation = calledOperation(account, request.operation);
  if (operation !== 'AssumeRole') return request;
  if (request.operation === 'AssumeRoleWithWebIdentity') {
    const { webIdentityToken: _, providerId: __, ...rest } = request;
    return { ...rest, operation };
  }
  const { federationRole } = account;
  if (request.operation !== 'GetFederationToken' || federationRole === undefined) return request;
  const { name, ...rest } = request;
  return { ...rest, operation, role: federationRole, sessionName: name };
};

/**
 * Refuses the name of a role that a cloud may read as that of another: escaped, with segments that lead elsewhere, or with
 * characters that it may take for others. The authority takes only names that it knows.
 */
const requirePlainRole = ({ cloud }: Account, request: TokenRequest): void => {
  if (cloud === 'authority' || !('role' in request)) return;
  const isPlain = /^[!-~]+( [!-~]+)*$/.test(request.role) && !/[%*?\\]|\/\/|(^|[/:])\.\.?($|[/:])/.test(request.role);
  if (isPlain) return;
  throw new StsError('InvalidParameter', 'The name of the role is not written plainly.', { parameter: 'role' });
};

/** In seconds: what was asked, or what the caller's system gives, within what the grant and the cloud can give. */
export const decideDuration = (
  grant: Grant,
  range: DurationRange,
  request: TokenRequest<MintOperation | 'IssueToken'>,
): number => {
  const asked = request.durationSeconds;
  const granted = grant.maxDurationSeconds ?? range.max;
  // The least that the cloud gives is more than the most that the grant allows.
  if (granted < range.min) throw denied('DurationTooLong', []);
  if (asked === undefined) {
    const wanted = request.defaultDurationSeconds ?? range.default;
    return Math.max(range.min, Math.min(wanted, granted, range.max));
  }
  if (asked >= range.min && asked <= Math.min(granted, range.max)) return asked;
  const message = `The duration must be ${range.min} to ${Math.min(granted, range.max)} seconds here.`;
  throw new StsError('InvalidDuration', message, {
    parameter: 'durationSeconds',
    ...(asked > (grant.maxDurationSeconds ?? asked) ? { reason: 'DurationTooLong' as const } : {}),
  });
};

/** Credentials that must be valid for longer than they are minted for can never be had: neither kept nor new ones. */
const requireReachable = (minimumRemainingSeconds: number | undefined, durationSeconds: number): void => {
  if (minimumRemainingSeconds === undefined || minimumRemainingSeconds <= durationSeconds) return;
  throw new StsError('InvalidParameter', `minimumRemainingSeconds must be at most ${durationSeconds} here.`, {
    parameter: 'minimumRemainingSeconds',
  });
};

/** Our own ways of asking; all others are in some system's format. */
const ownDialects: ReadonlySet<string> = new Set(['event', 'json', 'lease']);

/**
 * A federated user without a policy can do nothing, or on some clouds everything, and a session of a federation role can do
 * all that the role can; neither is what a caller wants. A system that is asked in its own dialect has its own rule for a
 * request without a policy.
 */
const requirePolicy = (form: AppliedRequest, account: Account, dialect: string): void => {
  const inOwnDialect = account.cloud === dialect || (account.cloud === 'authority' && !ownDialects.has(dialect));
  const hasOwnRule = inOwnDialect && form.operation === 'GetFederationToken';
  const { policy, grantPolicy, policyArns } = { policyArns: undefined, ...form };
  if (hasOwnRule || [policy, grantPolicy, policyArns].some((narrowing) => narrowing !== undefined)) return;
  throw new StsError('MissingParameter', 'policy is missing.', { parameter: 'policy' });
};

/** Decides: default deny. The only function that makes a `MintRequest`. */
export const decide = (rules: Rules, question: Question<TokenRequest<MintOperation>>): Decision => {
  const { caller, request, dialect } = question;
  const { grant, auditOnlyViolations } = grantFor(rules, question);
  const account = accountOf(rules, grant);
  requirePlainRole(account, request);
  heedSession(rules.sessionMay, caller, request);
  const form = applyGrant(grant, account, asSupported(account, request), caller);
  if (request.operation === 'GetFederationToken') requirePolicy(form, account, dialect);
  // The grant's own policy, filled in. The cloud judges a caller's own.
  const own = grant.policy === undefined ? undefined : (form.grantPolicy ?? form.policy);
  if (own !== undefined) rules.checkPolicy(account, own);
  const range = rules.range(account, form.operation, dialect);
  if (range === undefined) {
    throw new StsError('UnsupportedOperation', `The account's system has no ${form.operation}.`);
  }
  const durationSeconds = decideDuration(grant, chainedRange(caller, range), request);
  requireReachable(request.minimumRemainingSeconds, durationSeconds);
  // The only cast to the branded type: the checks above are what the brand means.
  const allowed = {
    ...form,
    account: account.name,
    grant: grant.name,
    caller,
    dialect,
    durationSeconds,
    ...omitUndefined({ claimsUsed: claimsUsed(grant, caller) }),
    ...(request.durationSeconds === undefined ? { durationIsOpen: true } : {}),
  } as unknown as MintRequest;
  return { allowed, account, ...omitUndefined({ auditOnlyViolations }) };
};

/** The request that is allowed, or an StsError. */
export const authorize = (rules: Rules, question: Question<TokenRequest<MintOperation>>): MintRequest =>
  decide(rules, question).allowed;
