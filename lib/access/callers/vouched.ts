import type { Caller } from '../../sts/caller.ts';
import { StsError } from '../../sts/errors.ts';
import type { Circumstances } from '../../sts/vouched.ts';
import { byCertificate } from './by-certificate.ts';
import { byGateway } from './by-gateway.ts';
import type { VouchedRules } from './vouched-rule.ts';

/** Who asks, by what others vouch for; nobody where nobody who is trusted says anything. */
export interface ByVouched {
  caller(circumstances: Circumstances, now: Date): Caller | undefined;
  /** By the gateway's authorizer alone. */
  authorized(circumstances: Circumstances): Caller | undefined;
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
export const byVouched = (rules: VouchedRules): ByVouched => {
  const [certified, authorized] = [byCertificate(rules), byGateway(rules)];
  return {
    caller: (circumstances, now) => theOne([...certified(circumstances, now), ...authorized(circumstances)]),
    authorized: (circumstances) => theOne(authorized(circumstances)),
  };
};
