// What a token looks like in a text, whatever the text was written in before it came.

const removed = '[removed]';

/** How often a text may be encoded. */
const maxLayers = 3;
/** No member of a mint request needs a longer text, in characters; what is longer is not looked through. */
const maxLength = 16 * 1024;

/** Parts between points, as a JWT has them (RFC 7515, 7516). */
const dotted = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)+/g;
/** A run that can be base64, of more than a name is likely to have of it. */
const base64Run = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const hexRun = /(?:[0-9a-f]{2}){12,}/gi;

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('latin1').replaceAll('\0', '');

/** A run in base64 may begin in the middle of what stands before it. */
const alignments = (run: string): readonly string[] => [0, 1, 2, 3].map((skipped) => fromBase64(run.slice(skipped)));

/** Whether bytes are a text in part; what begins elsewhere is decoded to noise. */
const isReadable = (text: string): boolean => /[\u0020-\u007e]{12}/.test(text);

/** Whether the part of a JWT before a point ends with its header: a JSON object with a member. */
const isHeader = (part: string): boolean =>
  alignments(part).some((text) => {
    const object = text.trimEnd();
    // One pattern for both ends would walk what is between them again for each brace.
    return object.endsWith('}') && /\{\s*"/.test(object.slice(0, -1));
  });

/** From the header to the end of what can be of the token. */
const withoutJwts = (text: string): string =>
  text.replace(dotted, (run) => {
    const parts = run.split('.');
    const at = parts.slice(0, -1).findIndex(isHeader);
    return at < 0 ? run : [...parts.slice(0, at), removed].join('.');
  });

/** A JSON object in base64: half of a token may be in one text and half in another. */
const isEncodedObject = (run: string): boolean => alignments(run).some((text) => /\{\s*"[^"]*"\s*:/.test(text));

/**
 * A run that no name has, nor, if it may have slashes, a path: a signature alone, or what is compressed or in an encoding
 * that is not looked into.
 */
const longRun = /[A-Za-z0-9_-]{80,}|[A-Za-z0-9+/=_-]{128,}/;

/** Whether a text holds what may be a token, or half of one, in a form that cannot be taken out of it. */
const isOpaque = (text: string): boolean =>
  longRun.test(text) || [...text.matchAll(base64Run)].some(([run]) => isEncodedObject(run));

/** The ways in which a text can hold another, each with what it holds. */
const inside = (text: string): readonly string[] => {
  const escaped = text
    .replace(/%([0-9a-f]{2})|\\u00([0-9a-f]{2})|&#x([0-9a-f]{2});/gi, (_, ...codes: (string | undefined)[]) =>
      String.fromCharCode(Number.parseInt(codes.find((code) => code !== undefined) ?? '', 16)),
    )
    .replace(/&#(\d{2,3});/g, (_, code: string) => String.fromCharCode(Number(code)));
  const joined = text.replace(/[\s\p{Cc}\p{Cf}]+|\\[nrt]|\\(?=[\r\n])/gu, '');
  const hex = [...text.matchAll(hexRun)].map(([run]) =>
    Buffer.from(run, 'hex').toString('latin1').replaceAll('\0', ''),
  );
  return [escaped, joined, ...hex.filter(isReadable)].filter((one) => one !== text);
};

const holdsToken = (text: string, secrets: readonly string[], layer: number): boolean =>
  withoutJwts(text) !== text ||
  isOpaque(text) ||
  secrets.some((secret) => text.includes(secret)) ||
  (layer < maxLayers &&
    [...inside(text), ...[...text.matchAll(base64Run)].flatMap(([run]) => alignments(run).filter(isReadable))].some(
      (one) => holdsToken(one, secrets, layer + 1),
    ));

/** Compressed, in base64: what is in it is not looked at. */
const compressed = /^(H4sI|eJ[wy]|eN[qo])/;

/**
 * A text without tokens: without JWTs and these secrets, as they are, in base64 behind whatever stands before it, and
 * escaped. Of a text that holds one in another way nothing is left.
 */
export const withoutTokens = (text: string, secrets: readonly string[]): string => {
  if (text.length > maxLength) return removed;
  const plain = secrets.reduce((rest, secret) => rest.replaceAll(secret, removed), withoutJwts(text));
  if (isOpaque(plain)) return removed;
  const decoded = plain.replace(base64Run, (run) =>
    compressed.test(run) || alignments(run).some((one) => holdsToken(one, secrets, 1)) ? removed : run,
  );
  return inside(decoded).some((one) => holdsToken(one, secrets, 1)) ? removed : decoded;
};
