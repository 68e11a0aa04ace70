import { withoutByteOrderMark } from './json.ts';

/**
 * A text without what editors, shells and mounted secrets put around it: a byte order mark before it, and line ends behind
 * it, as many as there are.
 */
export const plainText = (text: string): string => withoutByteOrderMark(text).replace(/[\r\n]+$/, '');
