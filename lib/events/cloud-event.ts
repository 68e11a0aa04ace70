import { hash } from 'node:crypto';
import * as v from 'valibot';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, TokenRequest } from '../core/requests.ts';
import { Secret } from '../core/secret.ts';
import { readUnambiguousJson } from '../wire/exact-json.ts';
import { readInstant } from '../wire/instant.ts';
import { holdsExactNumbers, isObject, isTooDeep, member } from '../wire/json.ts';

const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const sessionName = v.pipe(text(64), v.regex(/^[\w+=,.@-]*$/));
/** An object with all its members: `v.record` drops some names, such as `__proto__`, and accepts a list. */
const object = v.custom<Record<string, unknown>>(isObject);
/** An object whose numbers may have been rounded, by the platform too, would be another policy. */
const policy = v.union([
  text(10_240),
  v.pipe(
    object,
    v.check((document) => holdsExactNumbers(document)),
  ),
]);
/** As text too, as templates of rules and schedules write numbers. */
const maxSeconds = 604_800;
const seconds = v.union([
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxSeconds)),
  v.pipe(v.string(), v.regex(/^[1-9]\d{0,5}$/), v.transform(Number), v.maxValue(maxSeconds)),
]);
const tags = v.pipe(
  object,
  v.transform((members) => Object.entries(members).map(([key, value]) => ({ key, value }))),
  v.array(v.object({ key: text(128), value: v.pipe(v.string(), v.maxLength(256)) })),
);

const common = {
  account: v.optional(text(128)),
  durationSeconds: v.optional(seconds),
  tags: v.optional(tags),
  /** A JWT of the caller, needed if the origin of the event proves none. */
  token: v.optional(text(20_000)),
  /** For whom the answer is encrypted, and where it goes: a name of `events.recipients`. */
  recipient: text(64),
};

/** What a mint request asks for. */
const data = v.variant('operation', [
  v.strictObject({
    operation: v.literal('AssumeRole'),
    roleArn: text(2048),
    roleSessionName: sessionName,
    policy: v.optional(policy),
    ...common,
  }),
  v.strictObject({
    operation: v.literal('GetFederationToken'),
    name: sessionName,
    policy: v.optional(policy),
    ...common,
  }),
]);

const requestedType = 'credmint.mint.requested';
/** JSON, with any parameters (RFC 9110, 8.3.1), or in a format that is JSON (RFC 6839, 3.1). */
const jsonType = /^application\/(json|[\w.+-]+\+json)\s*(;.*)?$/i;
const isTime = (time: string): boolean => readInstant(time) !== undefined;

/** A mint request as a CloudEvent 1.0. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const mintEventSchema = v.object({
  specversion: v.literal('1.0'),
  id: text(256),
  source: text(1024),
  type: v.literal(requestedType),
  time: v.optional(v.pipe(text(64), v.check(isTime))),
  datacontenttype: v.optional(v.pipe(text(256), v.regex(jsonType))),
  data,
});

/** A mint request that came as an event. */
export interface MintEvent {
  readonly id: string;
  readonly source: string;
  /** When it happened, as its sender wrote it. */
  readonly time?: string;
  /** A hash over everything that the request says, including its token and its recipient. */
  readonly digest: string;
  readonly recipient: string;
  readonly token?: Secret;
  /**
   * Of which distributed trace it is, in the form of the header.
   * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/distributed-tracing.md
   */
  readonly traceparent?: string;
  /** What is asked for, or which member is wrong: then it is known for whom it was, and nothing else of it. */
  readonly asked: { readonly request: TokenRequest<MintOperation> } | { readonly fault: StsError };
}

/** Reads a mint request from an event, or says why it cannot even be told to a recipient, quoting nothing of it. */
export const readMintEvent = (value: unknown): MintEvent | { readonly unreadable: string } => {
  const json = typeof value === 'string' ? readUnambiguousJson(value) : value;
  if (!isObject(json)) return { unreadable: 'The message is not a JSON object.' };
  if (isTooDeep(json)) return { unreadable: 'The message nests too deep.' };
  if (json['type'] !== requestedType) return { unreadable: `type must be ${requestedType}.` };
  const members = withoutNull(json);
  if (members['data'] !== undefined && members['data_base64'] !== undefined) {
    return { unreadable: 'The event has data and data_base64, which could say two things.' };
  }
  const event = withData(members);
  const parsed = v.safeParse(mintEventSchema, event, { abortEarly: true });
  const fault = parsed.success ? undefined : faultOf(parsed.issues[0]);
  const { id, source, time, traceparent } = event;
  const [token, recipient] = [member(event['data'], 'token'), member(event['data'], 'recipient')];
  if (!isText(id) || !isText(source) || !isText(recipient)) {
    return { unreadable: fault?.message ?? 'The message is not a CloudEvent.' };
  }
  return {
    id: id.slice(0, 256),
    source: source.slice(0, 1024),
    digest: hash('sha256', JSON.stringify(parsed.success ? parsed.output.data : event['data']), 'base64url'),
    recipient,
    asked: parsed.success ? { request: requestOf(parsed.output.data) } : { fault: faultOf(parsed.issues[0]) },
    ...(isText(time) ? { time } : {}),
    ...(isText(traceparent) ? { traceparent } : {}),
    ...(isText(token) ? { token: new Secret(token.replace(/\r?\n$/, '')) } : {}),
  };
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** What is null is not set (JSON Event Format, 2.2). */
const withoutNull = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

/** The event with its data, which may travel in base64 (JSON Event Format, 3.1.1). */
const withData = (event: Record<string, unknown>): Record<string, unknown> => {
  const { data, data_base64: encoded } = event;
  const decoded =
    typeof encoded !== 'string' ? data : readUnambiguousJson(Buffer.from(encoded, 'base64').toString('utf8'));
  return { ...event, data: isObject(decoded) ? withoutNull(decoded) : decoded };
};

/** Names the member at fault by its path, as far as the path is of the schema: other names may be values gone astray. */
const faultOf = (issue: v.BaseIssue<unknown>): StsError => {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  if (issue.expected === 'never') {
    const place = path.slice(0, -1).join('.') || 'The event';
    return new StsError('UnknownParameter', `${place} has a member that is not known.`);
  }
  // A tag's key is the sender's own.
  const parameter = path[1] === 'tags' ? 'data.tags' : path.join('.');
  return issue.received === 'undefined'
    ? new StsError('MissingParameter', `${parameter} is missing.`, { parameter })
    : new StsError('InvalidParameter', `${parameter} is not what it must be.`, { parameter });
};

const requestOf = (asked: v.InferOutput<typeof data>): TokenRequest<MintOperation> => {
  const { account, durationSeconds } = asked;
  const rest = omitUndefined({
    account,
    durationSeconds,
    policy: typeof asked.policy === 'object' ? JSON.stringify(asked.policy) : asked.policy,
    tags: asked.tags,
  });
  return asked.operation === 'AssumeRole'
    ? { operation: 'AssumeRole', role: asked.roleArn, sessionName: asked.roleSessionName, ...rest }
    : { operation: 'GetFederationToken', name: asked.name, ...rest };
};
