import { maxParameters, type Params } from './query.ts';

export type MultipartFault =
  | 'not multipart/form-data'
  | 'too many parameters'
  | 'a parameter came twice'
  | 'a part is not text';

export type MultipartReading = { readonly params: Params } | { readonly fault: MultipartFault };

const boundaryForm = /^multipart\/form-data\s*;\s*boundary=("?)([\w'()+,./:=?-]{1,70})\1\s*$/i;
const nameForm = /^content-disposition:\s*form-data;\s*name="([^"%\\\r\n]+)"$/i;
const typeForm = /^content-type:\s*text\/plain(\s*;\s*charset="?utf-8"?)?$/i;

/**
 * Reads a multipart/form-data body of plain text fields (RFC 7578), as the older SDKs send one: no files, no transfer
 * encodings, no headers but a name and a text type. Whatever else stands there is a fault, so that no two readers of
 * one body can see two different things.
 */
export const readMultipart = (contentType: string, body: string): MultipartReading => {
  const boundary = boundaryForm.exec(contentType.trim())?.[2];
  if (boundary === undefined) return { fault: 'not multipart/form-data' };
  // RFC 2046, 5.1.1: the line break before a boundary belongs to it. Before the first one it may be left out.
  const text = body.startsWith('\r\n') ? body : `\r\n${body}`;
  const parts = text.split(`\r\n--${boundary}`, maxParameters + 3);
  if (parts.length > maxParameters + 2) return { fault: 'too many parameters' };
  const end = parts.pop() ?? '';
  if (parts.shift() !== '' || !/^--(\r\n)?$/.test(end)) return { fault: 'not multipart/form-data' };
  const params = new Map<string, string>();
  for (const part of parts) {
    const field = readPart(part);
    if (field === undefined) return { fault: 'a part is not text' };
    if (params.has(field.name)) return { fault: 'a parameter came twice' };
    params.set(field.name, field.value);
  }
  return { params };
};

const readPart = (part: string): { readonly name: string; readonly value: string } | undefined => {
  const blank = part.indexOf('\r\n\r\n');
  if (blank < 0 || !part.startsWith('\r\n')) return undefined;
  const [first = '', ...others] = part.slice(2, blank).split('\r\n');
  const name = nameForm.exec(first)?.[1];
  if (name === undefined || others.length > 1 || !others.every((line) => typeForm.test(line))) return undefined;
  return { name, value: part.slice(blank + 4) };
};
