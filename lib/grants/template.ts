import type { Caller } from '../core/caller.ts';
import { callerBehind } from '../core/caller-behind.ts';
import { distinctName } from '../core/distinct-name.ts';
import { StsError } from '../core/errors.ts';
import { claimOf, claimTexts } from './claims.ts';

/** The references that a grant's templates may make, each with the characters its value may contain beyond the harmless ones. */
export type References = ReadonlyMap<string, string>;

/** A text with `${…}` in it, taken apart once. */
export interface Template {
  /** Literal texts and the names of references in turn, beginning and ending with a literal. */
  readonly parts: readonly string[];
}

/** Longer values are not names. */
const maxValueLength = 256;

/** A reference in a text. */
export const referenceForm = /\$\{([^{}]*)\}/;

/** The template of a text, or the name of a reference in it that the grant does not list. */
export const compileTemplate = (text: string, references: References): Template | { readonly unlisted: string } => {
  const parts = text.split(referenceForm);
  const unlisted = parts.find((part, index) => index % 2 === 1 && !references.has(part));
  return unlisted === undefined ? { parts } : { unlisted };
};

/** What templates are filled from. */
export interface Filling {
  readonly caller: Caller;
  /** As the caller asked for it. */
  readonly sessionName?: string;
}

const filler = (name: string, { caller, sessionName }: Filling): string | undefined => {
  // A session is no caller: all would be one.
  if (name === 'caller') return callerBehind(caller);
  if (name === 'sessionName') return sessionName;
  if (!name.startsWith('claims.')) return undefined;
  const claim = claimOf(caller.claims ?? {}, name.slice('claims.'.length));
  // A list of several would make the meaning depend on their order, also if all but one are no texts.
  if (Array.isArray(claim) && claim.length !== 1) return undefined;
  return claimTexts(claim)[0];
};

/** Characters that a value brings only if its reference says so: `%` since a cloud may decode a text once more (CAM). */
const dangerous = ['*', '?', '/', ':', '\\', '%'];

/** Whether a value may stand in a text at all: an empty one would leave a wildcard behind a bare prefix. */
const isHarmless = (value: string, allowed: string): boolean =>
  value !== '' &&
  value.length <= maxValueLength &&
  value.isWellFormed() &&
  !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value) &&
  dangerous.every((character) => !value.includes(character) || allowed.includes(character));

/** A value in a text, and where it stands there. */
interface Placed {
  readonly name: string;
  readonly value: string;
  readonly from: number;
}

/** A template that has been filled. */
interface Filled {
  readonly text: string;
  readonly placed: readonly Placed[];
}

/** Names the reference alone: the value is the request's, and must not stand in an error. */
const refused = (name: string): StsError =>
  new StsError('AccessDenied', `A template of the grant cannot be filled with ${name}.`, {
    reason: 'TemplateRefused',
    parameter: name,
  });

const place = ({ parts }: Template, references: References, filling: Filling): Filled => {
  let text = '';
  const placed: Placed[] = [];
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      text += part;
      continue;
    }
    const value = filler(part, filling);
    if (value === undefined || !isHarmless(value, references.get(part) ?? '')) throw refused(part);
    placed.push({ name: part, value, from: text.length });
    text += value;
  }
  return { text, placed };
};

/** Everywhere that a sequence stands, also where it overlaps itself. */
const occurrences = (text: string, sequence: string): readonly number[] => {
  const found: number[] = [];
  for (let at = text.indexOf(sequence); at >= 0; at = text.indexOf(sequence, at + 1)) found.push(at);
  return found;
};

const overlaps = ({ from, value }: Placed, at: number, length: number): boolean =>
  from < at + length && at < from + value.length;

/** Characters that nobody sees: controls of a text's form, and what a font leaves out (UAX #44, Default_Ignorable_Code_Point). */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/** Everywhere that an escape stands, however often `%` itself is escaped: its place and its length. */
const escapesIn = (text: string): readonly (readonly [at: number, length: number])[] =>
  [...text.matchAll(/(?=(%(?:25)*.{0,2}))/gs)].map(({ index, 1: one = '' }) => [index, one.length]);

/**
 * Whether a cloud may read a value as another one: one that is not normalized (Unicode, UAX #15) or begins or ends with a
 * blank, and one with characters that nobody sees.
 */
const isPlain = (value: string): boolean =>
  value.normalize('NFKC') === value && value.trim() === value && !unseen.test(value);

/**
 * Refuses what a value makes together with what stands beside it: the whole text is what a cloud reads. `${` begins a
 * variable of the cloud's own, `..` and a segment of one dot lead elsewhere, and `%` with what follows may be decoded to
 * a character that was refused.
 */
const refuseHazards = ({ text, placed }: Filled, references: References): void => {
  for (const at of occurrences(text, '${'))
    throw refused(placed.findLast(({ from }) => from <= at + 2)?.name ?? '$\u007b');
  for (const one of placed) {
    const { name, value, from } = one;
    if (!isPlain(value)) throw refused(name);
    if (occurrences(text, '..').some((at) => overlaps(one, at, 2))) throw refused(name);
    const alone = value === '.' && /(^|[/:])$/.test(text.slice(0, from)) && /^($|[/:])/.test(text.slice(from + 1));
    if (alone) throw refused(name);
    if (references.get(name)?.includes('%')) continue;
    if (escapesIn(text).some(([at, length]) => overlaps(one, at, length))) throw refused(name);
  }
};

/**
 * The first reference at which a filled text could be cut into other values: what stands before it, between it and
 * another, must hold a character that no value brings, or `a-b` and `c` would make the text of `a` and `b-c`. What a
 * reference may bring because the grant says so is the grant's own affair.
 */
const ambiguousAt = ({ parts }: Template, { placed }: Filled, references: References): string | undefined => {
  const brings = ({ name, value }: Placed, character: string): boolean =>
    value.includes(character) && !references.get(name)?.includes(character);
  const ambiguous = placed.find((_, index) => {
    // Parts are a literal, a reference and so on in turn.
    const before = parts[2 * index] ?? '';
    return index > 0 && ![...before].some((character) => !placed.some((one) => brings(one, character)));
  });
  return ambiguous?.name;
};

const fillSafely = (template: Template, references: References, filling: Filling): Filled => {
  const filled = place(template, references, filling);
  refuseHazards(filled, references);
  const ambiguous = ambiguousAt(template, filled, references);
  if (ambiguous !== undefined) throw refused(ambiguous);
  return filled;
};

/**
 * The text of a template for one request; an StsError that names the reference if a value is missing, is not allowed
 * there, or makes with the text around it what is not allowed.
 */
export const fill = (template: Template, references: References, filling: Filling): string =>
  fillSafely(template, references, filling).text;

/** What AWS takes as the value of a session tag; https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;

/** The value of a tag. One that clouds refuse is refused here, with the name of its reference. */
export const fillTag = (template: Template, references: References, filling: Filling): string => {
  const { text, placed } = fillSafely(template, references, filling);
  const unfit = placed.find(({ value }) => !tagValue.test(value));
  if (unfit !== undefined) throw refused(unfit.name);
  return text;
};

/** The name of a session or of its source, in which nothing is dangerous: what does not belong there is replaced. */
export const fillName = (template: Template, maxLength: number, filling: Filling): string => {
  // A reference without its end would give everybody the same name.
  if (template.parts.some((part, index) => index % 2 === 0 && part.includes('$\u007b'))) throw refused('$\u007b');
  const everything = new Map(template.parts.map((part) => [part, dangerous.join('')] as const));
  const filled = place(template, everything, filling);
  const values = filled.placed.map(({ value }) => value);
  const isAmbiguous = ambiguousAt(template, filled, new Map()) !== undefined;
  return distinctName(filled.text, { maxLength, source: values, isAmbiguous });
};
