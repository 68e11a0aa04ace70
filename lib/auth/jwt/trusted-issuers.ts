import { grouped } from '../../core/grouped.ts';
import { claimRequirements, claimTextsAbout } from '../../grants/claims-index.ts';
import { literalIndex } from '../../grants/literal-index.ts';
import { exactly } from '../../grants/pattern.ts';
import { audiencesOf, checkAudience } from './claims.ts';
import type { KeySource } from './key-source.ts';
import type { KeySources } from './key-sources.ts';
import type { UnverifiedJwt } from './read.ts';
import type { JwtRule } from './rule.ts';

/** What one caller's rule asks of tokens, and the keys that verify them. */
export interface TrustedRule {
  readonly rule: JwtRule;
  readonly source: KeySource;
}

/** The rules for the tokens of one issuer. */
export interface TrustedIssuer {
  readonly rules: readonly TrustedRule[];
  /** Every rule whose audience and claims a token has, and few others: thousands of callers may share an issuer. */
  fitting(token: UnverifiedJwt): readonly TrustedRule[];
}

/** The rules by issuer. */
export const trustedIssuers = (
  rules: readonly JwtRule[],
  keySources: KeySources,
): ReadonlyMap<unknown, TrustedIssuer> => {
  const trusted = rules.map((rule) => ({ rule, source: keySources(rule.keys) }));
  const byIssuer = grouped(trusted, ({ rule }) => rule.issuer);
  return new Map([...byIssuer].map(([issuer, own]) => [issuer, { rules: own, fitting: fittingOf(own) }]));
};

const aboutAudience = 'audience';

const fittingOf = (trusted: readonly TrustedRule[]): TrustedIssuer['fitting'] => {
  const index = literalIndex(trusted, ({ rule: { audiences, claims } }) => [
    { about: aboutAudience, patterns: audiences.map(exactly) },
    ...claimRequirements(claims),
  ]);
  return ({ payload, claims }) => {
    const textsOfClaim = claimTextsAbout(claims);
    const candidates = index.candidates((about) =>
      about === aboutAudience ? audiencesOf(payload) : textsOfClaim(about),
    );
    // Before the signature is verified, which costs most, and which is not remembered if it is not valid.
    return candidates.filter(({ rule }) => checkAudience(payload, rule) === undefined);
  };
};
