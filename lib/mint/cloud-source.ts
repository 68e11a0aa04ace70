import { aboutTheKey } from '../core/about-the-key.ts';
import { carried } from '../core/carried.ts';
import type { Account, Moment, Provider } from '../core/cloud.ts';
import type { Credentials, Identity } from '../core/credentials.ts';
import { StsError, type StsErrorCode } from '../core/errors.ts';
import type { HttpResponse, UnsignedRequest } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { CloudRequest, MintOperation } from '../core/requests.ts';
import type { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { clockSkew } from './clock-skew.ts';
import type { Deadline } from './deadline.ts';
import type { AccountLogins } from './logins.ts';
import { type SigningKeysDeps, signingKeys } from './signing-keys.ts';
import type { Source } from './source.ts';

/** A token of our own issuer that proves an account to its cloud; `grant` is the grant that allows the mint, if any. */
export type OwnToken = (account: Account, grant: string | undefined, signal: AbortSignal) => Promise<Secret>;

/** What calling the clouds needs. */
export interface CloudSourceDeps {
  readonly accounts: ReadonlyMap<string, Account>;
  /** How an account is called; undefined if its cloud is not carried. */
  readonly providerOf: (account: Account) => Provider | undefined;
  readonly transport: Transport;
  readonly logins: AccountLogins;
  readonly moment: () => Moment;
  /** The keys of accounts that sign by the identity of this process, by the account's name; absent: no account does. */
  readonly runtimeKeys?: SigningKeysDeps['runtimeKeys'];
  /** Absent: there is no issuer of our own. */
  readonly ownToken?: OwnToken;
}

/** The clouds, called once for each request. */
export interface CloudSource {
  readonly credentials: Source;
  /** Who an account's own key is at its cloud. */
  identity(account: Account, deadline: Deadline): Promise<Identity>;
}

/** Refusals that are about the account's key or our use of it, which the caller cannot mend. */
const aboutTheAccount: ReadonlySet<StsErrorCode> = new Set([
  ...aboutTheKey,
  'InvalidIdentityToken',
  'IdentityTokenExpired',
]);

/**
 * Obtains what has been allowed: encode, sign, send, normalize.
 *
 * @example
 * const clouds = cloudSource({ accounts, providerOf, transport, logins, moment });
 * const credentials = await clouds.credentials(allowed, { signal: AbortSignal.timeout(4_000) });
 */
export const cloudSource = (deps: CloudSourceDeps): CloudSource => {
  const { accounts, transport, logins, moment } = deps;

  const clocks = clockSkew(() => moment().now);

  const providerOf = (account: Account): Provider => carried(deps.providerOf(account), account.cloud);

  const exchange = async <Result>(
    account: Account,
    unsigned: UnsignedRequest,
    signed: boolean,
    read: (response: HttpResponse) => Result,
    signal: AbortSignal,
  ): Promise<Result> => {
    const provider = providerOf(account);
    try {
      if (!signed) return read(await transport(unsigned, signal));
      if (account.role === undefined && provider.login?.wanted(account)) {
        return read(await logins.send(provider.login, account, unsigned, signal));
      }
      const key = await keys.of(account, signal);
      return await clocks.sent(
        account.name,
        (now) => transport(provider.sign(unsigned, account, key, { now, nonce: moment().nonce }), signal),
        read,
      );
    } catch (thrown) {
      const error = StsError.from(thrown);
      if (!aboutTheAccount.has(error.code)) throw error;
      keys.forget(account);
      throw new StsError('AccountRefused', undefined, error.detail);
    }
  };

  const obtain = async (
    asked: CloudRequest,
    account: Account,
    grant: string | undefined,
    signal: AbortSignal,
  ): Promise<Credentials> => {
    const request = await asProven(asked, account, () => identityToken(account, grant, deps.ownToken, signal));
    const provider = providerOf(account);
    if (provider.issue !== undefined) return issued(provider.issue, request, account, moment().now);
    const unsigned = encode(provider, request, account, moment());
    const signed = request.operation !== 'AssumeRoleWithWebIdentity';
    const read = withRetryAfter((response) => provider.normalize(response, request.operation));
    const credentials = await exchange(account, unsigned, signed, read, signal);
    if (credentials.expiration <= clocks.now(account.name)) {
      throw new StsError('CloudUnintelligible', 'The cloud answered with credentials that have expired.');
    }
    return credentials;
  };

  const keys = signingKeys({
    runtimeKeys: deps.runtimeKeys ?? new Map(),
    assume: (role, account, signal) =>
      obtain(
        { operation: 'AssumeRole', role, sessionName: 'credmint', durationSeconds: chainedSeconds },
        account,
        undefined,
        signal,
      ),
    now: () => moment().now,
  });

  return {
    credentials: async (allowed, { signal }) => {
      const account = accounts.get(allowed.account);
      if (account === undefined) throw new StsError('Misconfigured');
      return obtain(allowed, account, allowed.grant, signal);
    },

    identity: async (account, deadline) => {
      const { identity } = providerOf(account);
      if (identity === undefined) {
        throw new StsError('UnsupportedOperation', "The account's system has no GetCallerIdentity.");
      }
      return exchange(account, identity.encode(account), true, identity.normalize, deadline.signal);
    },
  };
};

/** In seconds, of the role that is assumed first: the most that AWS gives to a role that assumes another. */
const chainedSeconds = 3600;

/** An account without a key assumes its roles by an identity token; one that has assumed a role first signs with it. */
const asProven = async (
  request: CloudRequest,
  { webIdentity, role }: Account,
  token: () => Promise<Secret>,
): Promise<CloudRequest> => {
  if (webIdentity === undefined || role !== undefined || request.operation !== 'AssumeRole') return request;
  const { providerId } = webIdentity;
  return omitUndefined<CloudRequest>({
    ...request,
    operation: 'AssumeRoleWithWebIdentity',
    webIdentityToken: await token(),
    providerId,
  });
};

const identityToken = (
  account: Account,
  grant: string | undefined,
  ownToken: OwnToken | undefined,
  signal: AbortSignal,
): Promise<Secret> => {
  const read = account.webIdentity?.token;
  if (read !== undefined) return read();
  if (ownToken === undefined) throw new StsError('Misconfigured', 'There is no issuer of our own.');
  return ownToken(account, grant, signal);
};

/** Longer than a cloud means it: what is said by mistake must not lock an account out. */
const maxRetryAfterSeconds = 300;

/** A refusal that may pass says when, if the cloud does (RFC 9110, 10.2.3). */
const withRetryAfter =
  <Result>(read: (response: HttpResponse) => Result) =>
  (response: HttpResponse): Result => {
    try {
      return read(response);
    } catch (thrown) {
      const seconds = Number(/^ *(\d{1,6}) *$/.exec(response.headers['retry-after'] ?? '')?.[1] ?? Number.NaN);
      if (!(thrown instanceof StsError) || !thrown.traits.retryable || !(seconds > 0)) throw thrown;
      const retryAfterSeconds = Math.min(seconds, maxRetryAfterSeconds);
      const upstream = thrown.detail.upstream ?? { status: response.status };
      throw new StsError(thrown.code, thrown.message, { ...thrown.detail, upstream, retryAfterSeconds });
    }
  };

/** Made from the account's key alone, without a call. */
const issued = (
  issue: NonNullable<Provider['issue']>,
  request: CloudRequest,
  account: Account,
  now: Date,
): Credentials => {
  if (account.key === undefined) throw new StsError('Misconfigured', `The account ${account.name} has no key.`);
  return issue(request, account, account.key, now);
};

/** Writes the request as the cloud wants it. */
const encode = <Op extends MintOperation>(
  provider: Provider,
  request: CloudRequest<Op>,
  account: Account,
  moment: Moment,
): UnsignedRequest => {
  const operation = provider.operations[request.operation as Op];
  if (operation === undefined)
    throw new StsError('UnsupportedOperation', `The account's system has no ${request.operation}.`);
  return operation.encode(request, account, moment);
};
