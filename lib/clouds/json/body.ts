import * as v from 'valibot';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Tag, TokenRequest } from '../../core/requests.ts';
import { readUnambiguousJson } from '../../wire/exact-json.ts';
import { holdsExactNumbers, isObject } from '../../wire/json.ts';
import { queryParams } from '../parameters.ts';

const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
const seconds = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]),
  v.integer(),
  v.minValue(1),
  v.maxValue(604_800),
);
/** An object as it came: `v.record` would leave out members of some names, and take a list for an object. */
const object = v.custom<Record<string, unknown>>(isObject);
/** The cloud's own document, as an object or as its text. */
const policy = v.union([
  text(10_240),
  v.pipe(
    object,
    // A number that was rounded would be another policy. The text of the document says it exactly.
    v.check((document) => holdsExactNumbers(document)),
    v.transform((document) => JSON.stringify(document)),
    v.maxLength(10_240),
  ),
]);
const tags = v.pipe(
  object,
  v.transform((members) => Object.entries(members).map(([key, value]) => ({ key, value }))),
  v.array(v.object({ key: text(128), value: v.pipe(v.string(), v.maxLength(256)) })),
  v.maxLength(50),
  v.transform((list): Tag[] => list),
);

const account = v.optional(text(128));

/** The bodies of the JSON API, by path. Strict: a member that is not known is a mistake worth hearing of. */
export const bodies = {
  '/assumeRole': v.strictObject({
    account,
    roleArn: text(2048),
    roleSessionName: v.pipe(v.string(), v.minLength(1), v.maxLength(128), v.regex(/^[\w+=,.@-]*$/)),
    durationSeconds: v.optional(seconds),
    minimumRemainingSeconds: v.optional(seconds),
    policy: v.optional(policy),
    policyArns: v.optional(v.pipe(v.array(text(2048)), v.maxLength(10))),
    externalId: v.optional(v.pipe(text(1224), v.regex(/^[\w+=,.@:/-]*$/))),
    tags: v.optional(tags),
    sourceIdentity: v.optional(v.pipe(text(64), v.regex(/^[\w+=,.@-]*$/))),
  }),
  '/getFederationToken': v.strictObject({
    account,
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.regex(/^[\w+=,.@-]*$/)),
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
      return { operation: 'AssumeRole', role: roleArn, sessionName: roleSessionName, ...omitUndefined(rest) };
    }
    case '/getFederationToken':
      return { operation: 'GetFederationToken', ...omitUndefined(check(bodies[path], given)) };
    case '/getCallerIdentity':
      return { operation: 'GetCallerIdentity', ...omitUndefined(check(bodies[path], given)) };
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

const check = <Schema extends (typeof bodies)[JsonPath]>(schema: Schema, value: unknown): v.InferOutput<Schema> => {
  if (!isObject(value)) throw new StsError('InvalidRequest', 'The body must be a JSON object.');
  // Before the schema, to which `constructor` is known.
  for (const name of Object.keys(value)) if (!Object.hasOwn(schema.entries, name)) throw unknown(name);
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const name = String(issue.path?.[0]?.key);
  const place = { parameter: name };
  if (issue.received === 'undefined' && issue.path?.length === 1) {
    throw new StsError('MissingParameter', `${name} is missing.`, place);
  }
  if (name === 'durationSeconds') {
    throw new StsError('InvalidDuration', 'durationSeconds must be a whole number of seconds from 1 to 604800.', place);
  }
  throw new StsError('InvalidParameter', `${name} is not acceptable.`, place);
};

/** Names the member only if it looks like a name: it may be a value in the wrong place. */
const unknown = (name: string): StsError =>
  new StsError(
    'UnknownParameter',
    'The request has a member that this operation does not know.',
    /^[a-z]{1,16}([A-Z][a-z]{1,16}){0,3}$/.test(name) ? { parameter: name } : {},
  );
