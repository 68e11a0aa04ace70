import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { type ExactJson, readExactJson } from '../../wire/exact-json.ts';
import { withoutByteOrderMark } from '../../wire/json.ts';
import type { Params } from '../../wire/query.ts';

/** Members whose values are lists of texts. */
const lists: ReadonlySet<string> = new Set(['policy_ids', 'transitive_tag_keys']);

/**
 * The members of a JSON body, flattened so that they are read as any other parameters are: `tags.1.key`. `null` is
 * absent. Throws an StsError if the body is no JSON object, names a thing twice, or says what is not known.
 */
export const bodyParams = ({ headers, body }: HttpRequest, known: ReadonlySet<string>): Params => {
  if (!/^\s*application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new StsError('InvalidRequest', 'The Content-Type must be application/json.');
  }
  const members = readExactJson(withoutByteOrderMark(body));
  if (members === undefined || !isObject(members)) {
    throw new StsError('InvalidRequest', 'The body must be one JSON object that names nothing twice.');
  }
  refuseUnknownMembers(Object.keys(members), known);
  const params = new Map<string, string>();
  for (const [name, value] of Object.entries(members)) {
    if (value === null) continue;
    if (name === 'tags') flattenTags(value, params);
    else if (lists.has(name)) flattenList(name, value, params);
    else params.set(name, textOf(name, value));
  }
  return params;
};

/** Only what is surely a name is repeated. */
const refuseUnknownMembers = (names: readonly string[], known: ReadonlySet<string>): void => {
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  if (!/^[a-z_]{1,32}$/.test(unknown)) {
    throw new StsError('UnknownParameter', 'A parameter is not known to this operation.');
  }
  throw new StsError('UnknownParameter', `${unknown} is not known to this operation.`, { parameter: unknown });
};

const isObject = (value: ExactJson): value is { readonly [name: string]: ExactJson } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: ExactJson): value is readonly ExactJson[] => Array.isArray(value);

const wrongType = (name: string): StsError =>
  new StsError('InvalidParameter', `${name} is of the wrong type.`, { parameter: name });

/** A text; a number is one by now. */
const textOf = (name: string, value: ExactJson): string => {
  if (typeof value === 'string') return value;
  throw wrongType(name);
};

const flattenList = (name: string, value: ExactJson, into: Map<string, string>): void => {
  if (!isList(value)) throw wrongType(name);
  value.forEach((item, index) => {
    into.set(`${name}.${index + 1}`, textOf(name, item));
  });
};

const flattenTags = (value: ExactJson, into: Map<string, string>): void => {
  if (!isList(value)) throw wrongType('tags');
  value.forEach((tag, index) => {
    if (!isObject(tag)) throw wrongType('tags');
    refuseUnknownMembers(Object.keys(tag), new Set(['key', 'value']));
    for (const [name, text] of Object.entries(tag)) {
      if (text !== null) into.set(`tags.${index + 1}.${name}`, textOf('tags', text));
    }
  });
};
