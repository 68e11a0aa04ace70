import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import type { RequestContext } from '../../core/platform-identity.ts';
import { byCertificate } from '../certificate/by-certificate.ts';
import { byGateway } from './by-authorizer.ts';
import type { PlatformRules } from './rules.ts';

/** Who asks, by what others vouch for; nobody where nobody who is trusted says anything. */
export interface ByPlatform {
  caller(requestContext: RequestContext, now: Date): Caller | undefined;
  /** By the gateway's authorizer alone. */
  authorized(requestContext: RequestContext): Caller | undefined;
}

/** What is proven twice must prove the same caller; what two callers could be proven by proves neither. */
const theOne = (found: readonly Caller[]): Caller | undefined => {
  const [first, ...others] = found;
  if (first !== undefined && others.some(({ name }) => name !== first.name)) {
    throw new StsError('Unauthenticated', 'More than one caller fits what was proven.', {
      proofFault: 'CallerAmbiguous',
    });
  }
  return first;
};

/** Whoever is vouched for by the platform, or by a proxy, that the configuration trusts. */
export const byPlatform = (rules: PlatformRules): ByPlatform => {
  const [certified, authorized] = [byCertificate(rules), byGateway(rules)];
  return {
    caller: (requestContext, now) => theOne([...certified(requestContext, now), ...authorized(requestContext)]),
    authorized: (requestContext) => theOne(authorized(requestContext)),
  };
};
