import { type RequestParts, requestTo, type UnsignedRequest } from '../core/http.ts';
import { writeQuery } from '../wire/query.ts';

/** Parameters by name; those that are undefined are not sent. */
export type FormPairs = readonly (readonly [name: string, value: string | undefined])[];

/** A POST of a form to the host of a URL, by default to its own path and query. */
export const formCall = (
  url: URL,
  pairs: FormPairs,
  { headers, ...parts }: Omit<RequestParts, 'method' | 'body'> = {},
): UnsignedRequest => {
  const form = new Map(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return { ...requestTo(url, { ...parts, headers: { ...type, ...headers }, body: writeQuery(form) }), form };
};
