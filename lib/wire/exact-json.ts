import { isObject, readCountedJson, withoutByteOrderMark } from './json.ts';

/** What a JSON text says, with every number as text. */
export type ExactJson = string | boolean | null | readonly ExactJson[] | { readonly [name: string]: ExactJson };

/** Digits of a number, written out; a double needs 309 before its point and 324 behind it. */
const maxDigits = 400;

/** In a JSON text, whatever looks like a number outside a string is one. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Reads JSON as `readJson` does, and keeps what `JSON.parse` loses: a number is the text of its exact value in plain
 * decimals (`1e21` and `1E+21` are `1000000000000000000000`, `42.0` is `42`), so that no 64-bit id is rounded. An
 * object that names a member twice is no reading either, since two readers could take two things from it.
 */
export const readExactJson = (text: string): ExactJson | undefined => {
  const reading = readCountedJson(text);
  if (reading === undefined || countNames(reading.value) !== reading.names) return undefined;
  let exact = true;
  const quoted = text.replace(token, (found: string) => {
    if (found.startsWith('"')) return found;
    const number = plainDecimal(found);
    if (number === undefined) exact = false;
    return `"${number}"`;
  });
  return exact ? JSON.parse(quoted) : undefined;
};

/**
 * Reads JSON as `readJson` does, and only if every reader takes the same from it. Returns undefined if an object names a
 * member twice, or a number is larger than a double. A byte order mark before it, as some editors and shells write it, is
 * passed over.
 */
export const readUnambiguousJson = (text: string): unknown => {
  const reading = readCountedJson(withoutByteOrderMark(text));
  if (reading === undefined || countNames(reading.value) !== reading.names) return undefined;
  return holdsFiniteNumbers(reading.value) ? reading.value : undefined;
};

const holdsFiniteNumbers = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsFiniteNumbers);
};

const plainDecimal = (text: string): string | undefined => {
  if (text.length > maxDigits) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const shift = Number(exponent);
  if (Math.abs(shift) > maxDigits) return undefined;
  const point = whole.length + shift;
  const digits = (point > 0 ? '' : '0'.repeat(1 - point)) + (whole + fraction).padEnd(point, '0');
  const at = Math.max(point, 1);
  const behind = digits.slice(at).replace(/0+$/, '');
  return `${sign}${digits.slice(0, at).replace(/^0+(?=\d)/, '')}${behind === '' ? '' : `.${behind}`}`;
};

const countNames = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countNames(item), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + 1 + countNames(item), 0);
};
