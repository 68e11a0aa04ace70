import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { type Params, type QueryReading, readQuery } from '../wire/query.ts';

const isForm = (request: HttpRequest): boolean =>
  (request.headers['content-type'] ?? '').trim().toLowerCase().startsWith('application/x-www-form-urlencoded');

const queries = new WeakMap<HttpRequest, QueryReading>();
const forms = new WeakMap<HttpRequest, QueryReading>();

const nothing: QueryReading = { params: new Map() };

const readOnce = (memory: typeof queries, request: HttpRequest, text: string): QueryReading => {
  if (text === '') return nothing;
  let reading = memory.get(request);
  if (reading === undefined) {
    reading = readQuery(text);
    memory.set(request, reading);
  }
  return reading;
};

const legible = (reading: QueryReading): Params => ('fault' in reading ? reading.legible : reading.params);

/**
 * The parameters of the query string, for recognizing a request: what can be read of them, the first of each name.
 * A request that cannot be read must be refused in its sender's own dialect, or its SDK will not understand why.
 */
export const peekQuery = (request: HttpRequest): Params => legible(readOnce(queries, request, request.query));

/** The parameters of a form body, for recognizing a request: what can be read of them, empty if it is no form. */
export const peekForm = (request: HttpRequest): Params =>
  isForm(request) ? legible(readOnce(forms, request, request.body)) : new Map();

const certain = (reading: QueryReading): Params => {
  if ('fault' in reading) {
    throw new StsError('InvalidRequest', `The parameters cannot be read: ${reading.fault}.`);
  }
  return reading.params;
};

/** The parameters of the query string, or an StsError that says why they cannot be read. */
export const queryParams = (request: HttpRequest): Params => certain(readOnce(queries, request, request.query));

/** The parameters of a form body, or an StsError that says why they cannot be read. */
export const formParams = (request: HttpRequest): Params => {
  if (request.body === '') return new Map();
  if (!isForm(request)) {
    throw new StsError('InvalidRequest', 'The body must be application/x-www-form-urlencoded.');
  }
  return certain(readOnce(forms, request, request.body));
};

/**
 * The parameters of a request that may carry them in its query, in a form body, or some in each. A name in both places
 * is refused: two readers of the request could read two values. `bodyless` if the proof does not cover the body.
 */
export const queryAndForm = (request: HttpRequest, bodyless: boolean): Params => {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new StsError('MethodNotAllowed', 'The method must be GET or POST.');
  }
  const query = queryParams(request);
  if (request.method === 'GET' || bodyless) {
    if (request.body !== '') throw new StsError('InvalidRequest', 'This request must not have a body.');
    return query;
  }
  const form = formParams(request);
  if (query.size === 0) return form;
  for (const name of query.keys()) {
    if (form.has(name)) throw new StsError('InvalidRequest', 'A parameter stands in the query and in the body.');
  }
  return new Map([...query, ...form]);
};

/** A name that is surely a name. Anything else may be a value in the wrong place, and is not quoted. */
const plainName = /^[A-Z][A-Za-z]{1,31}(\.[A-Za-z0-9]{1,16}){0,3}$/;

/** Refuses a parameter that the operation does not know, since to ignore it could be to lose a limit. */
export const refuseUnknown = (names: Iterable<string>, known: (name: string) => boolean): void => {
  for (const name of names) {
    if (known(name)) continue;
    if (!plainName.test(name)) throw new StsError('UnknownParameter', 'A parameter is not known to this operation.');
    throw new StsError('UnknownParameter', `${name} is not known to this operation.`, { parameter: name });
  }
};
