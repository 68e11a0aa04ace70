import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import type { SignedParams } from '../../signers/ucloud-sha1.ts';
import { type ExactJson, readExactJson } from '../../wire/exact-json.ts';
import type { Params } from '../../wire/query.ts';
import { formParams, peekForm, peekQuery, queryParams } from '../parameters.ts';

// Parameters travel in the query of a GET, or in the body of a POST as a form or as JSON.

const isJson = (request: HttpRequest): boolean =>
  (request.headers['content-type'] ?? '').trim().toLowerCase().startsWith('application/json');

const bodies = new WeakMap<HttpRequest, { readonly members: SignedParams | undefined }>();

const jsonMembers = (request: HttpRequest): SignedParams | undefined => {
  let read = bodies.get(request);
  if (read === undefined) {
    const value = readExactJson(request.body);
    read = { members: value !== undefined && isMembers(value) ? value : undefined };
    bodies.set(request, read);
  }
  return read.members;
};

const isMembers = (value: ExactJson): value is SignedParams =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asMembers = (params: Params): SignedParams => Object.fromEntries(params);

/** The parameters, for recognizing a request and for answering it: what can be read of them. */
export const peek = (request: HttpRequest): SignedParams => {
  if (request.body === '') return asMembers(peekQuery(request));
  if (!isJson(request)) return asMembers(peekForm(request));
  // Most JSON that comes by is not UCloud's; do not read it twice to find that out.
  return request.body.includes('"PublicKey"') ? (jsonMembers(request) ?? legible(request.body)) : {};
};

/**
 * Of JSON that cannot be read, the texts by which a request is recognized and answered. Inside another text the quotes
 * of a name would be escaped.
 */
const legible = (body: string): SignedParams =>
  Object.fromEntries(
    [...body.matchAll(/"(PublicKey|Action|Signature)"\s*:\s*"([^"\\]*)"/g)]
      .reverse()
      .map(([, name = '', value = '']) => [name, value]),
  );

/** The parameters that the signature covers, or an StsError that says why they cannot be read. */
export const signedParams = (request: HttpRequest): SignedParams => {
  const { method, body } = request;
  if (method !== 'GET' && method !== 'POST') {
    throw new StsError('MethodNotAllowed', 'The method must be GET or POST.');
  }
  const query = queryParams(request);
  if (body === '') return asMembers(query);
  if (method === 'GET') throw new StsError('InvalidRequest', 'A GET must not have a body.');
  const members = isJson(request) ? jsonMembers(request) : asMembers(formParams(request));
  if (members === undefined) {
    throw new StsError('InvalidRequest', 'The body must be one JSON object that names nothing twice.');
  }
  // The Go SDK repeats the Action in the URL of every POST, unsigned: it must be the same.
  for (const [name, value] of query) {
    if (name !== 'Action' || value !== members['Action']) {
      throw new StsError('InvalidRequest', 'A POST may have nothing in its query but the Action of its body.');
    }
  }
  return members;
};

/** The parameters as text. Null is absent; AssumeRole has no parameter that is a list or an object. */
export const textParams = (members: SignedParams): Params => {
  const params = new Map<string, string>();
  for (const [name, value] of Object.entries(members)) {
    if (value === null) continue;
    if (typeof value === 'object') throw new StsError('InvalidParameter', 'A parameter is a list or an object.');
    params.set(name, String(value));
  }
  return params;
};
