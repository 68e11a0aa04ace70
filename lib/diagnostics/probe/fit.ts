import type { CloudFacts, ProfileFacts } from '../../core/cloud-facts.ts';
import { type Abilities, type ProbedOperation, probedOperations } from './abilities.ts';

/** How a system is called: by a profile of its cloud, or, without a name, as the cloud itself. */
export interface Fit {
  readonly profile?: string;
  readonly title: string;
  /** Why a request could fail, or give more than was allowed, if the system were called so. */
  readonly contradictions: readonly string[];
  /** How much of what the system showed the profile says too, less what it does not say. */
  readonly score: number;
}

type Claims = Pick<ProfileFacts, 'title' | 'accepts' | 'hasIdentity' | 'ignoresRole' | 'errorRoot'>;

const isClaimed = (operation: ProbedOperation, { accepts, hasIdentity, ignoresRole }: Claims): boolean => {
  if (operation === 'GetCallerIdentity') return hasIdentity;
  // There it is sent as AssumeRole.
  if (operation === 'GetSessionToken' && ignoresRole) return false;
  if (operation === 'AssumeRole' && ignoresRole) return true;
  return Object.hasOwn(accepts, operation);
};

const contradictionsOf = (claims: Claims, { has, policies, roles }: Abilities): readonly string[] => {
  const takesPolicies = claims.accepts.AssumeRole?.includes('policy') ?? false;
  return [
    ...probedOperations
      // Nothing is minted by it, and products got it late.
      .filter((operation) => operation !== 'GetCallerIdentity')
      .filter((operation) => isClaimed(operation, claims) && has[operation] === 'no')
      .map((operation) => `the system has no ${operation}`),
    ...(takesPolicies && (policies === 'ignored' || policies === 'refused')
      ? [`the system ${policies === 'ignored' ? 'ignores' : 'refuses'} session policies`]
      : []),
    ...(roles === 'ignored' && !claims.ignoresRole ? ['the system ignores the role'] : []),
    ...(roles === 'distinguished' && claims.ignoresRole ? ['the system does not ignore the role'] : []),
  ];
};

const scoreOf = (claims: Claims, { has, policies, errorRoot }: Abilities): number => {
  const agreements = [
    ...probedOperations.flatMap((one) =>
      has[one] === 'unclear' ? [] : [isClaimed(one, claims) === (has[one] === 'yes')],
    ),
    ...(policies === 'unclear'
      ? []
      : [(claims.accepts.AssumeRole?.includes('policy') ?? false) === (policies === 'read')]),
    // That it matches says little, since of many products it is not known.
    ...(errorRoot !== undefined && claims.errorRoot !== undefined && errorRoot !== claims.errorRoot ? [false] : []),
  ];
  return agreements.reduce((sum, agrees) => sum + (agrees ? 1 : -1), 0);
};

const whole = ({ title, accepts }: CloudFacts): Claims => ({ title, accepts, hasIdentity: true });

/** How well each way of calling a system fits what it showed: the best first. */
export const fitsOf = (facts: CloudFacts, abilities: Abilities): readonly Fit[] => {
  const entries: readonly (readonly [string | undefined, Claims])[] = [
    [undefined, whole(facts)],
    ...Object.entries(facts.profiles ?? {}),
  ];
  return entries
    .map(([profile, claims]) => ({
      ...(profile === undefined ? {} : { profile }),
      title: claims.title,
      contradictions: contradictionsOf(claims, abilities),
      score: scoreOf(claims, abilities),
    }))
    .sort(
      (one, other) =>
        Number(one.contradictions.length > 0) - Number(other.contradictions.length > 0) || other.score - one.score,
    );
};
