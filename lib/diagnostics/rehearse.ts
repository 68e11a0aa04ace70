import type { Account, Moment, Provider, Upstream } from '../core/cloud.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { CloudRequest, MintOperation, MintRequest } from '../core/requests.ts';
import { Secret } from '../core/secret.ts';

/** What rehearsing needs. */
export interface RehearseDeps {
  /** How clouds are called, by their names. */
  readonly clouds: ReadonlyMap<string, Upstream>;
  /** The built-in authority, if there is one. */
  readonly issue: ((request: MintRequest, now: Date) => unknown) | undefined;
}

/** Does what the server does with a request that is allowed, short of asking a cloud; throws an StsError as it would. */
export type Rehearse = (request: MintRequest, account: Account, now: Date) => void;

/**
 * Rehearses requests: the authority issues, and what a cloud is asked is written, though neither is used.
 *
 * @example
 * const rehearse = rehearsal({ clouds: brokerDeps.clouds, issue: brokerDeps.authority?.issue });
 * rehearse(allowed, account, new Date());
 */
export const rehearsal =
  ({ clouds, issue }: RehearseDeps): Rehearse =>
  (request, account, now) => {
    if (account.cloud === 'authority') {
      issue?.(request, now);
      return;
    }
    const provider = clouds.get(account.cloud)?.providerOf(account);
    if (provider?.issue === undefined) write(provider, asSent(request, account), account, { now, nonce: 1 });
    else if (account.key !== undefined) provider.issue(request, account, account.key, now);
  };

/** An account that proves itself by an identity token asks with it; its text decides nothing here. */
const asSent = (request: MintRequest, { webIdentity, role }: Account): CloudRequest =>
  webIdentity === undefined || role !== undefined || request.operation !== 'AssumeRole'
    ? request
    : omitUndefined<CloudRequest>({
        ...request,
        operation: 'AssumeRoleWithWebIdentity',
        webIdentityToken: new Secret('the-token-of-the-account'),
        providerId: webIdentity.providerId,
      });

const write = <Op extends MintOperation>(
  provider: Provider | undefined,
  request: CloudRequest<Op>,
  account: Account,
  moment: Moment,
): void => {
  provider?.operations[request.operation as Op]?.encode(request, account, moment);
};
