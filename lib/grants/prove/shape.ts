/** The letters that a part of a claim may have. */
export type Alphabet = (letter: string) => boolean;

/**
 * One part of how an issuer writes its claims: the same text stands in every claim that is listed, next to what was
 * written there before. `repo:` stands in `sub`, then the owner in `sub`, `repository` and `repository_owner`, and so on.
 */
export type ClaimPart =
  | { readonly in: readonly string[]; readonly text: string }
  /** One of these. */
  | { readonly in: readonly string[]; readonly words: readonly string[] }
  /** Letters of the alphabet: at least one, unless it may be empty. */
  | { readonly in: readonly string[]; readonly alphabet: Alphabet; readonly mayBeEmpty?: true };

/** How one kind of token is written, part by part. */
export type TokenShape = readonly ClaimPart[];

/** Letters beyond those that are mentioned, one of which stands for all that the patterns do not tell apart. */
const fresh = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~+';

/** Letters of the alphabet such that any other behaves like one of them, if patterns mention these. */
export const representatives = (mentioned: ReadonlySet<string>, alphabet: Alphabet): readonly string[] => {
  const ordinary = [...fresh].find((letter) => alphabet(letter) && !mentioned.has(letter));
  // If all of these are mentioned, some rarer letter is not.
  const stand =
    ordinary ??
    Array.from({ length: 0x400 }, (_, at) => String.fromCharCode(0x100 + at)).find(
      (letter) => alphabet(letter) && !mentioned.has(letter),
    );
  const listed = [...mentioned, '/', ':'].filter(alphabet);
  return [...new Set([...(stand === undefined ? [] : [stand]), ...listed])];
};
