import { hash } from 'node:crypto';
import * as v from 'valibot';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, TokenRequest } from '../core/requests.ts';
import { Secret } from '../core/secret.ts';
import { readUnambiguousJson } from '../wire/exact-json.ts';
import { holdsExactNumbers, isObject } from '../wire/json.ts';

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
const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(604_800));
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

/** A mint request as a CloudEvent 1.0. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const mintEventSchema = v.object({
  specversion: v.literal('1.0'),
  id: text(256),
  source: text(1024),
  type: v.literal(requestedType),
  time: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  datacontenttype: v.optional(v.literal('application/json')),
  data,
});

/** A mint request that came as an event. */
export interface MintEvent {
  readonly id: string;
  readonly source: string;
  /** A hash over everything that the request says, including its token and its recipient. */
  readonly digest: string;
  readonly recipient: string;
  readonly token?: Secret;
  readonly request: TokenRequest<MintOperation>;
}

/** Reads a mint request from an event; returns undefined if it is none. */
export const readMintEvent = (value: unknown): MintEvent | undefined => {
  const parsed = v.safeParse(mintEventSchema, typeof value === 'string' ? readUnambiguousJson(value) : value);
  if (!parsed.success) return undefined;
  const { id, source, data: asked } = parsed.output;
  const digest = hash('sha256', JSON.stringify(asked), 'base64url');
  const { token, recipient } = asked;
  return {
    id,
    source,
    digest,
    recipient,
    request: requestOf(asked),
    ...(token === undefined ? {} : { token: new Secret(token) }),
  };
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
