import { randomUUID } from 'node:crypto';
import { awsCall } from '../aws/json.ts';
import type { Config } from '../config/load.ts';
import { carried } from '../core/carried.ts';
import { StsError } from '../core/errors.ts';
import { createIssuer, type Issuer } from '../issuer/issuer.ts';
import type { OwnToken } from '../mint/cloud-source.ts';
import { awsDepsOf } from './aws-deps.ts';
import type { ProcessDeps } from './deps.ts';

/** A function is built without an issuer if its configuration has none. */
const makers = {
  issuer: createIssuer,
};

/** Our own issuer, if the configuration has one. */
export const composeIssuer = (
  { issuer, aws }: Pick<Config, 'issuer' | 'aws'>,
  deps: Pick<ProcessDeps, 'transport' | 'now'>,
): Issuer | undefined => {
  if (issuer === undefined) return undefined;
  const awsDeps = awsDepsOf(aws, deps);
  return carried(makers.issuer, 'the issuer')(issuer, {
    kms: ({ region, endpoint }) => awsCall({ name: 'kms', region, endpoint }, awsDeps),
    now: deps.now,
    id: randomUUID,
  });
};

/** In seconds. A token proves an account for one request. */
const lifetimeSeconds = 300;

/** Tokens that prove accounts to their clouds. `sub` says the account and the grant, so that trust policies can tell. */
export const ownTokens =
  (issuerNow: () => Issuer | undefined): OwnToken =>
  async ({ name, webIdentity }, grant, signal) => {
    const issuer = issuerNow();
    if (issuer === undefined) throw new StsError('Misconfigured', 'There is no issuer of our own.');
    if (webIdentity?.audience === undefined) throw new StsError('Misconfigured');
    const sub = grant === undefined ? `account:${name}` : `account:${name}:grant:${grant}`;
    return (await issuer.issue({ sub, aud: webIdentity.audience }, { lifetimeSeconds }, signal)).token;
  };
