import type { RawRequest } from '../../lib/platform/raw-request.ts';

/** Reads an HTTP/1.1 request (RFC 9112, 2.1) with either kind of line end; returns undefined if it is not one. */
export const readRequestFile = (bytes: Buffer): RawRequest | undefined => {
  const gap = /\r?\n\r?\n/.exec(bytes.toString('latin1'));
  const head = bytes.toString('latin1', 0, gap === null ? bytes.length : gap.index);
  const body = gap === null ? new Uint8Array() : bytes.subarray(gap.index + gap[0].length);
  const [requestLine = '', ...lines] = head.trim().split(/\r?\n/);
  const parts = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(requestLine.trim());
  if (parts === null) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  const target = (parts[2] ?? '/').replace(/^https?:\/\/[^/?]+/, '');
  const mark = target.indexOf('?');
  return {
    method: parts[1] ?? 'GET',
    path: mark < 0 ? target || '/' : target.slice(0, mark) || '/',
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    body: withoutLastNewline(body, headers['content-length']),
  };
};

/** Editors add a newline at the end of a file; a content-length shows that it does not belong to the body. */
const withoutLastNewline = (body: Uint8Array, length: string | undefined): Uint8Array => {
  const expected = Number(length);
  return length !== undefined && expected < body.length ? body.subarray(0, expected) : body;
};
