import { StsError } from '../sts/errors.ts';
import type { HttpRequest } from '../sts/http.ts';
import { type Params, type QueryFault, readQuery } from '../wire/query.ts';

const isForm = (request: HttpRequest): boolean =>
  (request.headers['content-type'] ?? '').trim().toLowerCase().startsWith('application/x-www-form-urlencoded');

const queries = new WeakMap<HttpRequest, Params | QueryFault>();
const forms = new WeakMap<HttpRequest, Params | QueryFault>();

const readOnce = (memory: typeof queries, request: HttpRequest, text: string): Params | QueryFault => {
  let read = memory.get(request);
  if (read === undefined) {
    const reading = readQuery(text);
    memory.set(request, (read = 'fault' in reading ? reading.fault : reading.params));
  }
  return read;
};

/** The parameters of the query string, for recognizing a request: empty where it cannot be read. */
export const glanceQuery = (request: HttpRequest): Params => {
  const read = readOnce(queries, request, request.query);
  return typeof read === 'string' ? new Map() : read;
};

/** The parameters of a form body, for recognizing a request: empty where it is none or cannot be read. */
export const glanceForm = (request: HttpRequest): Params => {
  if (!isForm(request)) return new Map();
  const read = readOnce(forms, request, request.body);
  return typeof read === 'string' ? new Map() : read;
};

const certain = (read: Params | QueryFault): Params => {
  if (typeof read === 'string') throw new StsError('InvalidRequest', `The parameters cannot be read: ${read}.`);
  return read;
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

/** What a text parameter must be like. Lengths are in characters, both bounds included. */
export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  /** Must match the whole value. */
  readonly pattern?: RegExp;
}

export interface NumberRule {
  readonly min: number;
  readonly max: number;
}

const length = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

/** Reads parameters by the caller's own names; what is missing or amiss is an StsError that names the parameter. */
export const reader = (params: Params) => {
  const checked = (name: string, value: string, rule: TextRule): string => {
    const size = length(value);
    if (size < (rule.min ?? 0) || size > (rule.max ?? Number.POSITIVE_INFINITY)) {
      const range = `${rule.min ?? 0} to ${rule.max ?? 'any number of'}`;
      throw new StsError('InvalidParameter', `${name} must have ${range} characters.`, { parameter: name });
    }
    if (rule.pattern !== undefined && !rule.pattern.test(value)) {
      throw new StsError('InvalidParameter', `${name} holds characters it may not hold.`, { parameter: name });
    }
    return value;
  };

  const optional = (name: string, rule: TextRule = {}): string | undefined => {
    const value = params.get(name);
    return value === undefined || value === '' ? undefined : checked(name, value, rule);
  };

  return {
    optional,

    required(name: string, rule: TextRule = {}): string {
      const value = optional(name, rule);
      if (value === undefined) throw new StsError('MissingParameter', `${name} is missing.`, { parameter: name });
      return value;
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
     * `prefix.index`, and may ask for `prefix.index.Key` and the like. Ends at the first index that is not there.
     */
    list<Item>(prefix: string, first: 0 | 1, most: number, item: (name: string) => Item): Item[] {
      const items: Item[] = [];
      for (let index = first; ; index++) {
        const name = `${prefix}.${index}`;
        const there = params.has(name) || [...params.keys()].some((key) => key.startsWith(`${name}.`));
        if (!there) return items;
        if (items.length === most) {
          throw new StsError('InvalidParameter', `${prefix} may have at most ${most} members.`, { parameter: prefix });
        }
        items.push(item(name));
      }
    },
  };
};

export type Reader = ReturnType<typeof reader>;
