import type { Alphabet, ClaimPart, TokenShape } from '../shape.ts';

/** One kind of token of an issuer. */
export interface TokenKind {
  /** What it is a token of, in words. */
  readonly name: string;
  readonly shape: TokenShape;
  /** Of whom the issuer writes this kind and no older one, if there is such a change. */
  readonly newOnly?: string;
}

/** What a careful reader asks of the tokens that a rule admits: those whose claims match, one pattern of each list. */
export interface Risk {
  readonly code: 'pull-request' | 'fork' | 'unprotected';
  /** Ends the sentence "admits …". */
  readonly why: string;
  readonly claims: Readonly<Record<string, readonly string[]>>;
}

/** How an issuer writes its tokens. */
export interface IssuerGrammar {
  readonly kinds: readonly TokenKind[];
  /** Claims that a token may have besides those of its kind: one text each. */
  readonly texts: readonly string[];
  /** Claims that a token may have besides, and that are lists of texts. */
  readonly lists: readonly string[];
  /** Whether a token may have any other claim, as one text or a list of them. */
  readonly isOpen: boolean;
  /** Whether a token may have several audiences. */
  readonly hasAudiences: boolean;
  /** The claim that names the organisation which controls what the token says. */
  readonly organisation?: string;
  /** The claim that names a deployment environment. */
  readonly environment?: string;
  readonly risks: readonly Risk[];
}

/** The claims that every JWT has besides, each of them one text (RFC 7519, 4.1). */
export const registered = ['jti', 'acr', 'azp', 'nonce'] as const;

/** The letters of a class. */
export const inClass =
  (form: RegExp): Alphabet =>
  (letter) =>
    form.test(letter);

export const digits = inClass(/^[0-9]$/);
export const hexadecimal = inClass(/^[0-9a-f]$/);
/** The characters of a UUID: more texts than there are UUIDs, so that what holds for all of them holds for those. */
export const uuid = inClass(/^[0-9a-f-]$/);
export const slug = inClass(/^[A-Za-z0-9_.-]$/);
export const path = inClass(/^[A-Za-z0-9_./-]$/);
/** What names of branches and tags have: https://git-scm.com/docs/git-check-ref-format */
export const refName = inClass(/^[^\u0000- \u007f~^:?*[\\]$/);
/** A name without a colon or a control character. */
export const label = inClass(/^[^\u0000-\u001f\u007f:]$/);
export const anyLetter: Alphabet = () => true;

export const text = (value: string, ...claims: readonly string[]): ClaimPart => ({ in: claims, text: value });
export const some = (alphabet: Alphabet, ...claims: readonly string[]): ClaimPart => ({ in: claims, alphabet });
export const oneOf = (words: readonly string[], ...claims: readonly string[]): ClaimPart => ({ in: claims, words });
