import { hash } from 'node:crypto';
import { isObject, isTooDeep, readJson } from '../wire/json.ts';
import { withoutTokens } from './without-tokens.ts';

/** What a CloudEvent may say of itself in a dead letter. */
const attributes = ['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'subject'];
/** What a mint request may say in a dead letter: all of its members but its token. */
const members = [
  'operation',
  'account',
  'roleArn',
  'roleSessionName',
  'name',
  'durationSeconds',
  'policy',
  'tags',
  'recipient',
];
/** Where the services that carry events put what they carry. */
const wrappers = ['Message', 'detail', 'body', 'msgBody', 'data'];
/** How deep an event may be wrapped, each text that holds JSON being a layer. */
const maxLayers = 8;

/**
 * The content of a message without tokens, for people to look at and for another delivery. It is built from what was
 * understood: the known members of a mint request, found through texts, base64 and the wrapping of other services.
 * Leaving out members that look like a token would keep those that do not. What was not understood is only described.
 */
export const redactTokens = (content: unknown): unknown =>
  isTooDeep(content) ? { unreadable: 'nests too deep' } : (eventIn(content, 0) ?? description(content));

/** The event that a value is or carries; undefined if there is none. */
const eventIn = (value: unknown, layer: number): unknown => {
  if (layer > maxLayers) return undefined;
  const object = objectOf(value);
  if (object === undefined) return undefined;
  if (typeof object['specversion'] === 'string') return event(object);
  for (const name of wrappers) {
    const found = Object.hasOwn(object, name) ? eventIn(object[name], layer + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The object that a value is, as JSON text or in base64 too. */
const objectOf = (value: unknown): Record<string, unknown> | undefined => {
  if (typeof value !== 'string') return isObject(value) ? value : undefined;
  for (const text of [value, Buffer.from(value, 'base64').toString('utf8')]) {
    const read = readJson(text);
    // A text of JSON whose value is a text again.
    if (typeof read === 'string' && read !== value) return objectOf(read);
    if (isObject(read)) return read;
  }
  return undefined;
};

/** A token is one text. Thousands would each be looked for in thousands of others. */
const maxSecrets = 16;

const event = (object: Record<string, unknown>): Record<string, unknown> | undefined => {
  const data = objectOf(object['data'] ?? object['data_base64']);
  const secrets = data === undefined ? [] : textsOf(data['token']);
  if (secrets.length > maxSecrets) return undefined;
  return {
    ...chosen(object, attributes, secrets),
    ...(data === undefined ? {} : { data: chosen(data, members, secrets) }),
  };
};

/** Shorter texts are no secrets, and part of many others. */
const minSecretLength = 8;

/** The texts in a value. */
const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.length < minSecretLength ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

const chosen = (
  object: Record<string, unknown>,
  names: readonly string[],
  secrets: readonly string[],
): Record<string, unknown> =>
  Object.fromEntries(
    names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, cleaned(object[name], secrets)]),
  );

/** A value whose texts hold no token. */
const cleaned = (value: unknown, secrets: readonly string[]): unknown => {
  if (Array.isArray(value)) return value.map((one) => cleaned(one, secrets));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [withoutTokens(name, secrets), cleaned(one, secrets)]),
    );
  }
  return typeof value === 'string' ? withoutTokens(value, secrets) : value;
};

/** Enough to find the message with its sender, and nothing of what it says. */
const description = (content: unknown): Record<string, unknown> => {
  const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? '');
  return { unreadable: { characters: text.length, sha256: hash('sha256', text, 'hex') } };
};
