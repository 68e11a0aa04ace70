import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { type TextRule, textFault } from '../core/text-rule.ts';
import { type Params, type QueryReading, readQuery } from '../wire/query.ts';

const isForm = (request: HttpRequest): boolean =>
  (request.headers['content-type'] ?? '').trim().toLowerCase().startsWith('application/x-www-form-urlencoded');

const queries = new WeakMap<HttpRequest, QueryReading>();
const forms = new WeakMap<HttpRequest, QueryReading>();

const readOnce = (memory: typeof queries, request: HttpRequest, text: string): QueryReading => {
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

/** The bounds of a whole number, both included. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
}

/** Reads parameters by the caller's own names; a missing or wrong one is an StsError that names the parameter. */
export const reader = (params: Params) => {
  const checked = (name: string, value: string, rule: TextRule): string => {
    const fault = textFault(value, rule);
    if (fault === undefined) return value;
    throw new StsError('InvalidParameter', `${name} ${fault}.`, { parameter: name });
  };

  const optional = (name: string, rule: TextRule = {}): string | undefined => {
    const value = params.get(name);
    return value === undefined || value === '' ? undefined : checked(name, value, rule);
  };

  return {
    optional,

    /** For what takes rights away and must not get lost: it may be absent, but not empty. */
    narrowing(name: string, rule: TextRule = {}): string | undefined {
      const value = params.get(name);
      return value === undefined ? undefined : checked(name, value, { min: 1, ...rule });
    },

    required(name: string, rule: TextRule = {}): string {
      const value = optional(name, rule);
      if (value === undefined) throw new StsError('MissingParameter', `${name} is missing.`, { parameter: name });
      return value;
    },

    /** A required token, without the newline that `echo` and mounted files end it with, and botocore sends along. */
    token(name: string, rule: TextRule): string {
      const value = (params.get(name) ?? '').replace(/\r?\n$/, '');
      if (value === '') throw new StsError('MissingParameter', `${name} is missing.`, { parameter: name });
      return checked(name, value, rule);
    },

    /** A duration in whole seconds within the system's range. */
    seconds(name: string, rule: NumberRule): number | undefined {
      const value = params.get(name);
      if (value === undefined || value === '') return undefined;
      if (!/^\d{1,9}$/.test(value)) {
        throw new StsError('InvalidParameter', `${name} must be a whole number of seconds.`, { parameter: name });
      }
      const seconds = Number(value);
      if (seconds < rule.min || seconds > rule.max) {
        throw new StsError('InvalidDuration', `${name} must be ${rule.min} to ${rule.max} seconds.`, {
          parameter: name,
        });
      }
      return seconds;
    },

    /**
     * The members of a flattened list, `first` being the index the system counts from: each is given its own name,
     * `prefix.index`, and may ask for `prefix.index.Key` and the like. A gap is refused rather than taken for the end:
     * the members behind it would be lost.
     */
    list<Item>(prefix: string, first: 0 | 1, most: number, item: (name: string) => Item): Item[] {
      const indexes = new Set<string>();
      for (const name of params.keys()) {
        if (name.startsWith(`${prefix}.`)) indexes.add(name.slice(prefix.length + 1).split('.', 1)[0] ?? '');
      }
      if (indexes.size > most) {
        throw new StsError('InvalidParameter', `${prefix} may have at most ${most} members.`, { parameter: prefix });
      }
      return Array.from(indexes, (_, offset) => {
        const index = String(first + offset);
        if (indexes.has(index)) return item(`${prefix}.${index}`);
        throw new StsError(
          'InvalidParameter',
          `The members of ${prefix} must be numbered from ${first}, without a gap.`,
          {
            parameter: prefix,
          },
        );
      });
    },
  };
};

/** What reads one request's parameters. */
export type Reader = ReturnType<typeof reader>;
