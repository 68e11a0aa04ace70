import { type ClaimRule, claimOf, claimTexts } from './claims.ts';
import { literalIndex, type Requirement, type TextsAbout } from './literal-index.ts';

const prefix = 'claim ';

/** What the rules of claims ask for, as an index has it. */
export const claimRequirements = (rules: readonly ClaimRule[]): readonly Requirement[] =>
  rules.map(({ name, patterns }) => ({ about: `${prefix}${name}`, patterns }));

/** The texts of the claims that such requirements are about. */
export const claimTextsAbout =
  (claims: Readonly<Record<string, unknown>>): TextsAbout =>
  (about) =>
    claimTexts(claimOf(claims, about.slice(prefix.length)));

/** Entries found by the claims of a token: all whose rules these meet, and few others, in their order. */
export const byClaims = <Entry extends { readonly claims: readonly ClaimRule[] }>(entries: readonly Entry[]) => {
  const index = literalIndex(entries, ({ claims }) => claimRequirements(claims));
  return (claims: Readonly<Record<string, unknown>>): readonly Entry[] => index.candidates(claimTextsAbout(claims));
};
