import type { OpenRecord } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { Account, Answer, Asked, Dialect } from '../core/cloud.ts';
import type { Credentials, Identity } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, TokenRequest } from '../core/requests.ts';
import { authorizeIdentity, authorizeLease, decide } from '../grants/authorize.ts';
import type { Question } from '../grants/evaluate.ts';
import type { BrokerDeps, IncomingRequest } from './deps.ts';

/** One request on its way, once it is known who asks. */
export interface AuthenticatedRequest {
  readonly deps: BrokerDeps;
  readonly incoming: IncomingRequest;
  readonly dialect: Dialect;
  readonly asked: Asked;
  readonly caller: Caller;
  readonly now: Date;
  readonly record: OpenRecord;
}

const question = <Request extends TokenRequest>(
  authenticated: AuthenticatedRequest,
  request: Request,
): Question<Request> =>
  omitUndefined({
    caller: authenticated.caller,
    request,
    dialect: authenticated.dialect.id,
    sourceIp: authenticated.incoming.sourceIp,
    now: authenticated.now,
  }) as Question<Request>;

/** Does what was asked: answers about the caller, reads what is kept, or mints. */
export const execute = async (authenticated: AuthenticatedRequest): Promise<Answer> => {
  const { deps, caller, now } = authenticated;
  const { request, proof } = authenticated.asked;
  switch (request.operation) {
    case 'GetCallerIdentity':
      return { kind: 'identity', identity: await identityOf(authenticated, request) };
    case 'Login':
      return { kind: 'login', token: part(deps.logins).begin(caller, now), user: caller.name };
    case 'Logout':
      if (proof.kind === 'login') await part(deps.logins).end(proof.token, now);
      return { kind: 'logout', user: caller.name };
    case 'ReadLease':
      return leaseFor(authenticated, request);
    default:
      return mintFor(authenticated, request);
  }
};

const mintFor = async (authenticated: AuthenticatedRequest, request: TokenRequest<MintOperation>): Promise<Answer> => {
  const { deps, caller, record } = authenticated;
  record.enter('authorize');
  const { allowed, auditOnlyViolations: leniency } = decide(deps.rules, question(authenticated, request));
  const { account: name, grant, durationSeconds } = allowed;
  const account = part(deps.rules.accounts.get(name));
  record.note({ grant, account: name, cloud: account.cloud, durationSeconds });
  if (leniency !== undefined)
    record.note({ auditOnlyViolations: [...(caller.auditOnlyViolations ?? []), ...leniency.trace] });
  record.enter('mint');
  const minted = await deps.mint.credentials(allowed, authenticated.incoming);
  record.note({
    accessKeyId: minted.accessKeyId,
    expiration: minted.expiration,
    ...(minted.upstreamRequestId === undefined ? {} : { upstream: { requestId: minted.upstreamRequestId } }),
  });
  const credentials =
    request.operation === 'AssumeRoleWithWebIdentity' ? { webIdentity: webIdentityOf(caller), ...minted } : minted;
  return said(authenticated, credentials, account);
};

/** Credentials, with what the tools of their cloud would read them from. */
const said = ({ deps, dialect }: AuthenticatedRequest, credentials: Credentials, account: Account): Answer => {
  const cloud = deps.clouds.get(account.cloud) ?? deps.clouds.get(dialect.id) ?? deps.clouds.get('aws');
  return {
    kind: 'credentials',
    credentials,
    account: account.name,
    cloud: account.cloud,
    // Written when asked for: most answers are in a system's own words.
    get variables() {
      return cloud?.variables(credentials, account) ?? [];
    },
  };
};

/** What is kept under a name. The grants hear which account it is of; whoever they refuse does not learn if it exists. */
const leaseFor = async (authenticated: AuthenticatedRequest, request: TokenRequest<'ReadLease'>): Promise<Answer> => {
  const { deps, caller, now, record } = authenticated;
  const reader = part(deps.leases);
  record.enter('authorize');
  const account = deps.rules.accounts.get(reader.accountOf(request.lease) ?? '');
  const asked = omitUndefined({ ...request, account: account?.name });
  const { grant, leniency } = authorizeLease(deps.rules, question(authenticated, asked));
  record.note({ grant: grant.name, ...omitUndefined({ account: account?.name, cloud: account?.cloud }) });
  if (leniency !== undefined)
    record.note({ auditOnlyViolations: [...(caller.auditOnlyViolations ?? []), ...leniency.trace] });
  record.enter('mint');
  const reading = await reader.read(request.lease, now);
  if (reading.kind !== 'credentials' || account === undefined) {
    throw new StsError(
      'LeaseNotFound',
      undefined,
      reading.kind === 'awaited' ? { retryAfterSeconds: reading.seconds } : {},
    );
  }
  const { accessKeyId, expiration } = reading.credentials;
  record.note({ accessKeyId, expiration });
  return said(authenticated, reading.credentials, account);
};

/** What we made of the identity token, for the reply that says so. */
const webIdentityOf = ({ claims = {} }: Caller) => {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const { sub, aud, iss } = claims;
  return omitUndefined({
    subject: text(sub) ?? '',
    audience: text(Array.isArray(aud) ? aud[0] : aud),
    provider: text(iss),
  });
};

const identityOf = (
  authenticated: AuthenticatedRequest,
  request: TokenRequest<'GetCallerIdentity'>,
): Promise<Identity> | Identity => {
  const { deps, caller, dialect, incoming, record } = authenticated;
  // Who a caller is here is said from what was proven here; no cloud is asked to vouch for anybody.
  if (request.account === undefined) return part(deps.authority).identify(caller, dialect.id);
  record.enter('authorize');
  const account = authorizeIdentity(deps.rules, question(authenticated, request));
  record.note({ account: account.name, cloud: account.cloud });
  record.enter('mint');
  if (account.cloud === 'authority') return part(deps.authority).identify(caller, dialect.id);
  return deps.mint.identity(account, incoming);
};

/** A room that this house may have been built without. */
const part = <Room>(room: Room | undefined): Room => {
  if (room === undefined) throw new StsError('UnsupportedOperation', 'Nothing here is configured to do this.');
  return room;
};
