import { hash } from 'node:crypto';

/** 80 bits: nobody finds another text with the digest of a given one. */
const digestDigits = 20;
const endsInDigest = new RegExp(`-[0-9a-f]{${digestDigits}}$`);

interface NameOptions {
  readonly maxLength: number;
  /** What the text was built from, if more than the text; two sources never have the same name. */
  readonly source?: readonly string[];
  /** Whether another source could have built the same text. */
  readonly isAmbiguous?: boolean;
}

/**
 * A name that clouds take for a session, from any text: characters that do not belong there become `-`, and what is too
 * long is cut. Two texts never have the same name: one that had to be changed ends in a digest of the whole, and so does
 * one that looks as if it did.
 */
export const distinctName = (
  text: string,
  { maxLength, source = [text], isAmbiguous = false }: NameOptions,
): string => {
  const clean = text.replace(/[^A-Za-z0-9_+=,.@-]/g, '-');
  if (!isAmbiguous && clean === text && text.length <= maxLength && !endsInDigest.test(text)) return text;
  const digest = hash('sha256', JSON.stringify(source), 'hex').slice(0, digestDigits);
  return `${clean.slice(0, maxLength - digestDigits - 1)}-${digest}`;
};
