import type { Account, LoginExchange } from '../core/cloud.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { untilAborted } from '../core/until-aborted.ts';
import type { Deadline } from './deadline.ts';

/** Holds the login token of each account whose cloud is used by login. */
export interface AccountLogins {
  send(login: LoginExchange, account: Account, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

/**
 * Logs in when first needed, keeps the token, and logs in again once if a reply says that the token is no longer valid.
 * A login has a deadline of its own: all who wait share it, so it does not end when the first of them gives up.
 *
 * @example
 * const logins = accountLogins(transport, () => ({ signal: AbortSignal.timeout(4_000) }));
 */
export const accountLogins = (transport: Transport, deadline: () => Deadline): AccountLogins => {
  // By the account as it is configured: one with another key is another object, and logs in itself.
  const tokens = new WeakMap<Account, Promise<Secret>>();

  const tokenOf = (login: LoginExchange, account: Account): Promise<Secret> => {
    const kept = tokens.get(account);
    if (kept !== undefined) return kept;
    const fresh = transport(login.encode(account), deadline().signal).then(login.normalize);
    tokens.set(account, fresh);
    // A login that failed is not kept: the next request logs in again.
    fresh.catch(() => forget(account, fresh));
    return fresh;
  };

  /** Forgets this token only: another request may have logged in meanwhile. */
  const forget = (account: Account, failed: Promise<Secret>): void => {
    if (tokens.get(account) === failed) tokens.delete(account);
  };

  return {
    send: async (login, account, request, signal) => {
      const first = tokenOf(login, account);
      const response = await transport(login.apply(request, await untilAborted(first, { signal })), signal);
      if (!login.stale(response)) return response;
      forget(account, first);
      return transport(login.apply(request, await untilAborted(tokenOf(login, account), { signal })), signal);
    },
  };
};
