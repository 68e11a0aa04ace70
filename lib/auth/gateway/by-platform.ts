import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import type { RequestContext } from '../../core/platform-identity.ts';
import { byCertificate } from '../certificate/by-certificate.ts';
import { byGateway } from './by-authorizer.ts';
import type { PlatformRules } from './rules.ts';

/** Who asks, by the word of a platform or proxy; undefined if none that is trusted says anything. */
export interface ByPlatform {
  caller(requestContext: RequestContext, now: Date): Caller | undefined;
  /** By the gateway's authorizer alone. */
  authorized(requestContext: RequestContext): Caller | undefined;
}

/** The one caller that was found. Two proofs must prove the same caller, and one that fits two callers proves neither. */
const single = (found: readonly Caller[]): Caller | undefined => {
  if (new Set(found.map(({ name }) => name)).size > 1) {
    throw new StsError('Unauthenticated', 'What was proven fits more than one caller.', {
      proofFault: 'CallerAmbiguous',
    });
  }
  return found[0];
};

/** Proves callers by what the platforms and proxies that the configuration trusts say of them. */
export const byPlatform = (rules: PlatformRules, ownIssuer?: string): ByPlatform => {
  const [certified, authorized] = [byCertificate(rules), byGateway(rules, ownIssuer)];
  return {
    caller: (requestContext, now) => single([...certified(requestContext, now), ...authorized(requestContext)]),
    authorized: (requestContext) => single(authorized(requestContext)),
  };
};
