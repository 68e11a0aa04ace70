import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { offersTc3 } from '../../signers/tc3.ts';
import { readUnambiguousJson } from '../../wire/exact-json.ts';
import { isObject } from '../../wire/json.ts';
import { readMultipart } from '../../wire/multipart.ts';
import type { Params } from '../../wire/query.ts';
import { formParams, peekForm, peekQuery, queryParams, refuseUnknown } from '../parameters.ts';
import { commonParameters } from './limits.ts';

/**
 * Whether the request says its action in headers, as under TC3 and under no signature at all, rather than among its
 * parameters. The older signature stands there, so whoever offers one says everything there.
 */
export const saysInHeaders = (request: HttpRequest): boolean =>
  offersTc3(request) ||
  request.headers['authorization'] === 'SKIP' ||
  (request.headers['x-tc-action'] !== undefined &&
    !peekQuery(request).has('Signature') &&
    !peekForm(request).has('Signature'));

/** The parameters of the query or of a form, never of both: a signature covers one set of them. */
export const signedParameters = (request: HttpRequest): Params => soleQuery(request) ?? formParams(request);

/** The operation's own parameters, of a request that says the common ones in headers. */
export const headedParameters = (request: HttpRequest, known: ReadonlySet<string>): Params => {
  const query = soleQuery(request);
  if (query !== undefined) {
    // TC3 signs no query of a POST.
    if (request.method === 'POST' && query.size > 0) throw new StsError('InvalidRequest', 'The query is not signed.');
    return ownParameters(query, known, new Set());
  }
  const type = request.headers['content-type'] ?? '';
  if (/^\s*application\/json\s*(;|$)/i.test(type)) return jsonParameters(request.body, known);
  if (!/^\s*multipart\//i.test(type)) {
    throw new StsError('InvalidRequest', 'The Content-Type must be application/json or multipart/form-data here.');
  }
  const reading = readMultipart(type, request.body);
  if ('fault' in reading) throw new StsError('InvalidRequest', `The parameters cannot be read: ${reading.fault}.`);
  return ownParameters(reading.params, known, new Set());
};

/** Returns the parameters of the query if there is no body, and undefined if there is a body and no query. */
const soleQuery = (request: HttpRequest): Params | undefined => {
  const query = queryParams(request);
  if (request.body === '') return query;
  if (request.method === 'GET') throw new StsError('InvalidRequest', 'This request must not have a body.');
  if (query.size > 0) throw new StsError('InvalidRequest', 'Parameters stand in the query and in the body.');
  return undefined;
};

/** Flattened parameters without the common ones; each of them must be known. */
export const ownParameters = (
  params: Params,
  known: ReadonlySet<string>,
  common: ReadonlySet<string> = commonParameters,
): Params => {
  const own = new Map([...params].filter(([name]) => !common.has(name)));
  refuseUnknown(own.keys(), (name) =>
    /^Tags\.(0|[1-9]\d{0,2})\.(Key|Value)$/.test(name) ? known.has('Tags') : name !== 'Tags' && known.has(name),
  );
  return own;
};

/** The members of a JSON body, flattened as a form has them. `null` is nothing, as the SDKs have it. */
const jsonParameters = (body: string, known: ReadonlySet<string>): Params => {
  const members = readUnambiguousJson(body);
  if (!isObject(members)) throw new StsError('InvalidRequest', 'The body must be a JSON object.');
  const own = new Map<string, string>();
  refuseUnknown(Object.keys(members), (name) => known.has(name));
  for (const [name, value] of Object.entries(members)) {
    if (value === null) continue;
    if (name === 'Tags') flattenTags(value, own);
    else own.set(name, scalar(name, value));
  }
  return own;
};

const numbers: ReadonlySet<string> = new Set(['DurationSeconds', 'SecretType']);

/** A text, or a number for numeric parameters. The vendor's command line sends numbers as text. */
const scalar = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && numbers.has(name)) return String(value);
  throw wrongType(name);
};

const flattenTags = (list: unknown, into: Map<string, string>): void => {
  if (!Array.isArray(list)) throw wrongType('Tags');
  list.forEach((tag: unknown, index) => {
    if (!isObject(tag)) throw wrongType('Tags');
    refuseUnknown(Object.keys(tag), (name) => name === 'Key' || name === 'Value');
    for (const [name, value] of Object.entries(tag)) {
      const whole = `Tags.${index}.${name}`;
      if (value !== null) into.set(whole, scalar(whole, value));
    }
  });
};

const wrongType = (name: string): StsError =>
  new StsError('InvalidParameter', `The value type of parameter \`${name}\` is not valid.`, { parameter: name });
