import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { readUnambiguousJson } from '../../wire/exact-json.ts';
import { isObject } from '../../wire/json.ts';
import { queryParams } from '../parameters.ts';
import { type Member, optional, policy, seconds, tags, text, texts, type ValuesOf } from './members.ts';

const name = /^[\w+=,.@-]*$/;
const account = optional(text(128));
const duration = optional(seconds(604_800));
const session = optional(policy(10_240));
const labels = optional(tags(50, 128, 256));

/** The bodies of the JSON API, by path. Strict: a member that is not known is a mistake worth hearing of. */
export const bodies = {
  '/assumeRole': {
    account,
    roleArn: text(2048),
    roleSessionName: text(128, name),
    durationSeconds: duration,
    minimumRemainingSeconds: duration,
    policy: session,
    policyArns: optional(texts(2048, 10)),
    externalId: optional(text(1224, /^[\w+=,.@:/-]*$/)),
    tags: labels,
    sourceIdentity: optional(text(64, name)),
  },
  '/getFederationToken': {
    account,
    name: text(64, name),
    /** Needed, unless the grant has one: authorization says so. */
    policy: session,
    durationSeconds: duration,
    minimumRemainingSeconds: duration,
    tags: labels,
  },
  '/getCallerIdentity': { account },
};

export type JsonPath = keyof typeof bodies;

export const isJsonPath = (path: string): path is JsonPath => Object.hasOwn(bodies, path);

/** What the body asks, or an StsError that names the member at fault. */
export const readBody = (path: JsonPath, request: HttpRequest): TokenRequest => {
  const given = inputOf(request);
  switch (path) {
    case '/assumeRole': {
      const { roleArn, roleSessionName, ...rest } = check(bodies[path], given);
      return { operation: 'AssumeRole', role: roleArn, sessionName: roleSessionName, ...rest };
    }
    case '/getFederationToken':
      return { operation: 'GetFederationToken', ...check(bodies[path], given) };
    case '/getCallerIdentity':
      return { operation: 'GetCallerIdentity', ...check(bodies[path], given) };
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

const check = <Members extends (typeof bodies)[JsonPath]>(members: Members, value: unknown): ValuesOf<Members> => {
  if (!isObject(value)) throw new StsError('InvalidRequest', 'The body must be a JSON object.');
  for (const name of Object.keys(value)) if (!Object.hasOwn(members, name)) throw unknown(name);
  const known: Readonly<Record<string, Member<unknown>>> = members;
  const values: Record<string, unknown> = {};
  for (const parameter in known) {
    const { read, isOptional } = known[parameter] as Member<unknown>;
    const given = Object.hasOwn(value, parameter) ? value[parameter] : undefined;
    // Whatever may be left out may be null: many writers of JSON have no other way to leave it out.
    if (given === undefined || given === null) {
      if (isOptional) continue;
      throw new StsError('MissingParameter', `${parameter} is missing.`, { parameter });
    }
    values[parameter] = read(given, (words) => {
      const code = parameter === 'durationSeconds' ? 'InvalidDuration' : 'InvalidParameter';
      throw new StsError(code, `${parameter} ${words}.`, { parameter });
    });
  }
  // Each is what its own reader returned.
  return values as ValuesOf<Members>;
};

/** Names the member only if it looks like a name: it may be a value in the wrong place. */
const unknown = (name: string): StsError =>
  new StsError(
    'UnknownParameter',
    'The request has a member that this operation does not know.',
    /^[a-z]{1,16}([A-Z][a-z]{1,16}){0,3}$/.test(name) ? { parameter: name } : {},
  );
