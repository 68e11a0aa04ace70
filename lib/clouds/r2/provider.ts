import type { Account, Provider } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { compactJwt, payload, secretAccessKey, sessionToken } from '../../signers/r2-token.ts';
import { claimsOf } from './claims.ts';
import { seconds } from './limits.ts';

/** The account id and the host of an R2 endpoint, both of which the credentials name. */
const placeOf = ({ name, endpoint }: Account): { readonly sub: string; readonly aud: string } => {
  const [, sub] = /^([\da-f]{32})\.(?:eu\.|fedramp\.)?r2\.cloudflarestorage\.com$/.exec(endpoint.host) ?? [];
  if (sub !== undefined) return { sub, aud: endpoint.host };
  throw new StsError('Misconfigured', `The endpoint of the account ${name} must be that of R2's S3 API.`);
};

const neverCalled = (): never => {
  throw new StsError('Internal');
};

/**
 * Cloudflare R2, whose temporary credentials are a token that the holder of the parent key signs: nothing is called.
 * They end at the latest when the parent key does, and give nothing that it does not have.
 */
export const provider: Provider = {
  operations: { GetFederationToken: { seconds: seconds.GetFederationToken, encode: neverCalled } },
  sign: neverCalled,
  normalize: neverCalled,
  issue: (request, account, key, now) => {
    if (request.operation !== 'GetFederationToken') {
      throw new StsError('UnsupportedOperation', `The account's system has no ${request.operation}.`);
    }
    if (request.policy === undefined) {
      throw new StsError('MissingParameter', 'A policy is required by this system: it names the bucket.');
    }
    if (key.token !== undefined) {
      throw new StsError('Misconfigured', `The key of the account ${account.name} must be a long-term one.`);
    }
    const iat = Math.floor(now.getTime() / 1000);
    const exp = iat + request.durationSeconds;
    const jwt = compactJwt(payload(claimsOf(request.policy), { ...placeOf(account), iat, exp }, key.id), key);
    return {
      accessKeyId: key.id,
      secretAccessKey: new Secret(secretAccessKey(jwt)),
      sessionToken: new Secret(sessionToken(jwt)),
      expiration: new Date(exp * 1000),
    };
  },
};
