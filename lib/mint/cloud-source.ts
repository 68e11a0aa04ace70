import type { Account, Moment, Provider } from '../core/cloud.ts';
import type { Credentials, Identity } from '../core/credentials.ts';
import { StsError, type StsErrorCode } from '../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import type { MintOperation, MintRequest } from '../core/requests.ts';
import type { Transport } from '../core/transport.ts';
import { clockSkew } from './clock-skew.ts';
import type { Deadline } from './deadline.ts';
import type { AccountLogins } from './logins.ts';
import type { Source } from './source.ts';

/** What calling the clouds needs. */
export interface CloudSourceDeps {
  readonly accounts: ReadonlyMap<string, Account>;
  /** How an account is called; undefined if its cloud is not carried. */
  readonly providerOf: (account: Account) => Provider | undefined;
  readonly transport: Transport;
  readonly logins: AccountLogins;
  readonly moment: () => Moment;
}

/** The clouds, called once for each request. */
export interface CloudSource {
  readonly credentials: Source;
  /** Who an account's own key is at its cloud. */
  identity(account: Account, deadline: Deadline): Promise<Identity>;
}

/** Refusals that are about the account's key or our use of it, which the caller cannot mend. */
const aboutTheAccount: ReadonlySet<StsErrorCode> = new Set([
  'Unauthenticated',
  'MalformedAuthorization',
  'UnknownKey',
  'SignatureMismatch',
  'RequestExpired',
  'RequestReplayed',
  'InvalidToken',
  'TokenExpired',
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

  const providerOf = (account: Account): Provider => {
    const provider = deps.providerOf(account);
    if (provider === undefined) throw new StsError('Misconfigured', `This function does not carry ${account.cloud}.`);
    return provider;
  };

  const exchange = async <Result>(
    account: Account,
    unsigned: HttpRequest,
    signed: boolean,
    read: (response: HttpResponse) => Result,
    signal: AbortSignal,
  ): Promise<Result> => {
    const provider = providerOf(account);
    try {
      if (!signed) return read(await transport(unsigned, signal));
      if (provider.login?.wanted(account)) {
        return read(await logins.send(provider.login, account, unsigned, signal));
      }
      return await clocks.sent(
        account.name,
        (now) => transport(sign(provider, unsigned, account, { now, nonce: moment().nonce }), signal),
        read,
      );
    } catch (thrown) {
      const error = StsError.from(thrown);
      if (!aboutTheAccount.has(error.code)) throw error;
      throw new StsError('AccountRefused', undefined, error.detail);
    }
  };

  /** An account without a key assumes its roles by an identity token of its own. */
  const keyless = async (request: MintRequest, account: Account): Promise<MintRequest> => {
    if (account.webIdentity === undefined || request.operation !== 'AssumeRole') return request;
    const { providerId } = account.webIdentity;
    return {
      ...request,
      operation: 'AssumeRoleWithWebIdentity',
      webIdentityToken: await account.webIdentity.token(),
      ...(providerId === undefined ? {} : { providerId }),
    };
  };

  return {
    credentials: async (allowed, deadline) => {
      const account = accounts.get(allowed.account);
      if (account === undefined) throw new StsError('Misconfigured');
      const request = await keyless(allowed, account);
      const provider = providerOf(account);
      if (provider.issue !== undefined) return issued(provider.issue, request, account, moment().now);
      const unsigned = encode(provider, request, account, moment());
      const signed = request.operation !== 'AssumeRoleWithWebIdentity';
      const read = withRetryAfter((response) => provider.normalize(response, request.operation));
      const credentials = await exchange(account, unsigned, signed, read, deadline.signal);
      if (credentials.expiration <= clocks.now(account.name)) {
        throw new StsError('CloudUnintelligible', 'The cloud answered with credentials that have expired.');
      }
      return credentials;
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
  request: MintRequest,
  account: Account,
  now: Date,
): Credentials => {
  if (account.key === undefined) throw new StsError('Misconfigured', `The account ${account.name} has no key.`);
  return issue(request, account, account.key, now);
};

const sign = (provider: Provider, unsigned: HttpRequest, account: Account, moment: Moment): HttpRequest => {
  if (account.key === undefined) throw new StsError('Misconfigured', `The account ${account.name} has no key.`);
  return provider.sign(unsigned, account, account.key, moment);
};

/** Writes the request as the cloud wants it. */
const encode = <Op extends MintOperation>(
  provider: Provider,
  request: MintRequest<Op>,
  account: Account,
  moment: Moment,
): HttpRequest => {
  const operation = provider.operations[request.operation as Op];
  if (operation === undefined)
    throw new StsError('UnsupportedOperation', `The account's system has no ${request.operation}.`);
  return operation.encode(request, account, moment);
};
