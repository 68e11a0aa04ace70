import type { HttpRequest, HttpResponse } from '../../core/http.ts';
import { escapeXml } from '../../wire/xml.ts';

/** A document before it is written: its elements in order; those that are undefined are left out. */
export interface Tree {
  readonly [name: string]: string | number | boolean | Tree | undefined;
}

const wantsJson = (request: HttpRequest): boolean =>
  (request.headers['accept'] ?? '').toLowerCase().includes('application/json');

const elements = (tree: Tree): string =>
  Object.entries(tree)
    .map(([name, value]) => {
      if (value === undefined) return '';
      return `<${name}>${typeof value === 'object' ? elements(value) : escapeXml(String(value))}</${name}>`;
    })
    .join('');

/**
 * The document in the format that the request asks for: JSON if Accept says so, or else XML. `root` is the start tag's
 * inside; JSON has no root, and no namespaces.
 */
export const write = (
  request: HttpRequest,
  status: number,
  root: string,
  tree: Tree,
  headers: Readonly<Record<string, string>>,
): HttpResponse => {
  if (wantsJson(request)) {
    return { status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(tree) };
  }
  const name = root.split(' ', 1)[0];
  return {
    status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<${root}>${elements(tree)}</${name}>`,
  };
};
