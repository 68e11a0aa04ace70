import type { Caller } from '../../sts/caller.ts';
import type { Account, DurationRange } from '../../sts/cloud.ts';
import { StsError } from '../../sts/errors.ts';
import { present } from '../../sts/present.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../../sts/requests.ts';
import type { Grant } from './grant.ts';

/** What is asked, by whom, and how it was said. */
export interface Question {
  readonly caller: Caller;
  readonly request: TokenRequest<MintOperation>;
  readonly dialect: string;
}

/** What authorization must know of the world. */
export interface Rules {
  readonly grants: readonly Grant[];
  readonly accounts: ReadonlyMap<string, Account>;
  /** What an account can do and for how long; `undefined` for an operation that its system does not have. */
  range(account: Account, operation: MintOperation, dialect: string): DurationRange | undefined;
}

const roleOf = (request: TokenRequest): string | undefined => ('role' in request ? request.role : undefined);

const fits = (grant: Grant, caller: Caller, request: TokenRequest, dialect: string): boolean => {
  const account = 'account' in request ? request.account : undefined;
  const role = roleOf(request);
  return (
    grant.callers.has(caller.name) &&
    (grant.dialects === undefined || grant.dialects.has(dialect)) &&
    grant.operations.has(request.operation) &&
    (account === undefined || grant.account === account) &&
    (role === undefined || grant.roles.some((matches) => matches(role)))
  );
};

/** The grant by which a request is allowed. Where the request names no account, one only may fit. */
const grantFor = (rules: Rules, caller: Caller, request: TokenRequest, dialect: string): Grant => {
  const [first, ...others] = rules.grants.filter((grant) => fits(grant, caller, request, dialect));
  if (first === undefined) throw new StsError('AccessDenied', 'No grant allows this.');
  if (others.some((other) => other.account !== first.account)) {
    throw new StsError('InvalidParameter', 'More than one account fits; name the one that is meant.', {
      parameter: 'account',
    });
  }
  return first;
};

const accountOf = (rules: Rules, grant: Grant): Account => {
  const account = rules.accounts.get(grant.account);
  if (account === undefined) throw new StsError('Misconfigured', 'A grant names an account that does not exist.');
  return account;
};

/**
 * How the account can give what is asked. GetFederationToken on a system that lacks it becomes AssumeRole of the
 * account's federation role. An identity token that has been verified here needs no verifying by the cloud: the role is
 * assumed with the account's own key, except by the authority, which knows both.
 */
const asGiven = (rules: Rules, account: Account, { request, dialect }: Question): TokenRequest<MintOperation> => {
  const has = (operation: MintOperation) => rules.range(account, operation, dialect) !== undefined;
  if (request.operation === 'AssumeRoleWithWebIdentity' && account.cloud !== 'authority') {
    const { webIdentityToken: _, providerId: __, ...rest } = request;
    return { ...rest, operation: 'AssumeRole' };
  }
  if (request.operation === 'GetFederationToken' && !has('GetFederationToken') && account.federationRole !== undefined) {
    const { name, ...rest } = request;
    return { ...rest, operation: 'AssumeRole', role: account.federationRole, sessionName: name };
  }
  return request;
};

const settleDuration = (grant: Grant, range: DurationRange, request: TokenRequest<MintOperation>): number => {
  const asked = request.durationSeconds;
  const ceiling = Math.min(grant.maxDurationSeconds ?? range.max, range.max);
  if (asked === undefined) {
    return Math.max(range.min, Math.min(request.defaultDurationSeconds ?? range.default, ceiling));
  }
  if (asked < range.min || asked > ceiling) {
    throw new StsError('InvalidDuration', `The duration must be ${range.min} to ${ceiling} seconds here.`, {
      parameter: 'durationSeconds',
    });
  }
  return asked;
};

/** Decides. Default deny; the only maker of a `MintRequest`. */
export const authorize = (rules: Rules, question: Question): MintRequest => {
  const { caller, request, dialect } = question;
  const grant = grantFor(rules, caller, request, dialect);
  const account = accountOf(rules, grant);
  const { account: _, durationSeconds: __, defaultDurationSeconds: ___, ...given } = asGiven(rules, account, question);
  const range = rules.range(account, given.operation, dialect);
  if (range === undefined) {
    throw new StsError('UnsupportedOperation', `The account's system has no ${given.operation}.`);
  }
  const durationSeconds = settleDuration(grant, range, request);
  // The one cast to the branded type in this house: what stands above is what the brand means.
  return { ...given, account: account.name, grant: grant.name, caller, dialect, durationSeconds } as unknown as MintRequest;
};

/** Whether the caller may ask who an account's own key is; the account, if so. */
export const authorizeIdentity = (
  rules: Rules,
  caller: Caller,
  request: TokenRequest<'GetCallerIdentity'>,
  dialect: string,
): Account => accountOf(rules, grantFor(rules, caller, present(request), dialect));
