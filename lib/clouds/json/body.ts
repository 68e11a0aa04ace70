import * as v from 'valibot';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Tag, TokenRequest } from '../../core/requests.ts';
import { readUnambiguousJson } from '../../wire/exact-json.ts';
import { holdsExactNumbers, isObject } from '../../wire/json.ts';
import { queryParams } from '../parameters.ts';

/** Our own words for each rule: valibot's would quote what was sent. */
const text = (max: number, pattern = /^/) => {
  const words = `must have 1 to ${max} characters`;
  return v.pipe(
    v.string('must be text'),
    v.minLength(1, words),
    v.maxLength(max, words),
    v.regex(pattern, 'holds characters it may not hold'),
  );
};
const name = /^[\w+=,.@-]*$/;
const secondsWords = 'must be a whole number of seconds from 1 to 604800';
const seconds = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))], secondsWords),
  v.integer(secondsWords),
  v.minValue(1, secondsWords),
  v.maxValue(604_800, secondsWords),
);
/** An object as it came: `v.record` would leave out members of some names, and take a list for an object. */
const object = v.custom<Record<string, unknown>>(isObject, 'must be an object of texts');
/** The cloud's own document, as an object or as its text. */
const policy = v.pipe(
  v.custom<string | Record<string, unknown>>(
    (value) => typeof value === 'string' || isObject(value),
    'must be a document or its text',
  ),
  // A number that was rounded would be another policy. The text of the document says it exactly.
  v.check(
    (document) => holdsExactNumbers(document),
    'holds a number that JSON readers round; give the document as text',
  ),
  v.transform((document) => (typeof document === 'string' ? document : JSON.stringify(document))),
  text(10_240),
);
const tagWords = 'must have keys of 1 to 128 characters and values of at most 256';
const tags = v.pipe(
  object,
  v.transform((members) => Object.entries(members).map(([key, value]) => ({ key, value }))),
  v.array(
    v.object({
      key: v.pipe(v.string(), v.minLength(1, tagWords), v.maxLength(128, tagWords)),
      value: v.pipe(v.string(tagWords), v.maxLength(256, tagWords)),
    }),
  ),
  v.maxLength(50, 'must have at most 50 members'),
  v.transform((list): Tag[] => list),
);

const account = v.optional(text(128));

/** The bodies of the JSON API, by path. Strict: a member that is not known is a mistake worth hearing of. */
export const bodies = {
  '/assumeRole': v.strictObject({
    account,
    roleArn: text(2048),
    roleSessionName: text(128, name),
    durationSeconds: v.optional(seconds),
    minimumRemainingSeconds: v.optional(seconds),
    policy: v.optional(policy),
    policyArns: v.optional(
      v.pipe(v.array(text(2048), 'must be a list'), v.maxLength(10, 'must have at most 10 members')),
    ),
    externalId: v.optional(text(1224, /^[\w+=,.@:/-]*$/)),
    tags: v.optional(tags),
    sourceIdentity: v.optional(text(64, name)),
  }),
  '/getFederationToken': v.strictObject({
    account,
    name: text(64, name),
    /** Needed, unless the grant has one: authorization says so. */
    policy: v.optional(policy),
    durationSeconds: v.optional(seconds),
    minimumRemainingSeconds: v.optional(seconds),
    tags: v.optional(tags),
  }),
  '/getCallerIdentity': v.strictObject({ account }),
};

export type JsonPath = keyof typeof bodies;

export const isJsonPath = (path: string): path is JsonPath => Object.hasOwn(bodies, path);

/** What the body asks, or an StsError that names the member at fault. */
export const readBody = (path: JsonPath, request: HttpRequest): TokenRequest => {
  const given = inputOf(request);
  switch (path) {
    case '/assumeRole': {
      const { roleArn, roleSessionName, ...rest } = check(bodies[path], given);
      return omitUndefined<TokenRequest>({
        operation: 'AssumeRole',
        role: roleArn,
        sessionName: roleSessionName,
        ...rest,
      });
    }
    case '/getFederationToken':
      return omitUndefined<TokenRequest>({ operation: 'GetFederationToken', ...check(bodies[path], given) });
    case '/getCallerIdentity':
      return omitUndefined<TokenRequest>({ operation: 'GetCallerIdentity', ...check(bodies[path], given) });
  }
};

/**
 * The JSON of a POST. A GET says the same in its query, since that is all that the container credentials provider of
 * the AWS SDKs can send.
 */
const inputOf = (request: HttpRequest): unknown => {
  if (request.method === 'GET') {
    if (request.body !== '') throw new StsError('InvalidRequest', 'A GET must not have a body.');
    const members = new Map(queryParams(request));
    members.delete('format');
    return Object.fromEntries(members);
  }
  if (request.method !== 'POST') throw new StsError('MethodNotAllowed');
  for (const name of queryParams(request).keys()) {
    if (name !== 'format')
      throw new StsError('UnknownParameter', 'The query of a POST may have a format, and no more.');
  }
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new StsError('InvalidRequest', 'The body must be application/json.');
  const value = readUnambiguousJson(request.body);
  if (value === undefined) {
    throw new StsError('InvalidRequest', 'The body is not JSON, or JSON that two readers could read differently.');
  }
  return value;
};

/** Whatever may be left out may be null: many writers of JSON have no other way to leave it out. */
const withoutNull = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

const check = <Schema extends (typeof bodies)[JsonPath]>(schema: Schema, value: unknown): v.InferOutput<Schema> => {
  if (!isObject(value)) throw new StsError('InvalidRequest', 'The body must be a JSON object.');
  // Before the schema, to which `constructor` is known.
  for (const name of Object.keys(value)) if (!Object.hasOwn(schema.entries, name)) throw unknown(name);
  const result = v.safeParse(schema, withoutNull(value), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const parameter = String(issue.path?.[0]?.key);
  if (issue.received === 'undefined' && issue.path?.length === 1) {
    throw new StsError('MissingParameter', `${parameter} is missing.`, { parameter });
  }
  const code = parameter === 'durationSeconds' ? 'InvalidDuration' : 'InvalidParameter';
  throw new StsError(code, `${parameter} ${issue.message}.`, { parameter });
};

/** Names the member only if it looks like a name: it may be a value in the wrong place. */
const unknown = (name: string): StsError =>
  new StsError(
    'UnknownParameter',
    'The request has a member that this operation does not know.',
    /^[a-z]{1,16}([A-Z][a-z]{1,16}){0,3}$/.test(name) ? { parameter: name } : {},
  );
