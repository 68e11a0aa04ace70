import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Recipient } from '../../events/recipient.ts';
import type { ReplyTarget } from '../../events/reply-target.ts';
import { isObject, readJson } from '../../wire/json.ts';
import type { CallersContext } from './callers.ts';
import type { WrittenEvents } from './event-schema.ts';

/** How the configuration wants mint requests that come as events. */
export interface ConfiguredEvents {
  readonly sources: ReadonlyMap<string, string>;
  readonly recipients: ReadonlyMap<string, Recipient>;
  readonly deadLetter?: { readonly queue: URL; readonly region: string };
}

const curves = ['P-256', 'P-384', 'P-521', 'X25519'];

/** The events of a configuration, from how they are written. */
export const eventsOf = (
  written: WrittenEvents,
  isCaller: (name: string) => boolean,
  { secret, complain }: CallersContext,
): ConfiguredEvents => {
  for (const [origin, caller] of Object.entries(written.sources)) {
    if (!isCaller(caller)) complain(`events.sources.${origin}`, `names ${caller}, who is no caller`);
  }
  const recipients = Object.entries(written.recipients).map(([name, recipient]): [string, Recipient] => {
    const path = `events.recipients.${name}`;
    for (const caller of recipient.callers) {
      if (!isCaller(caller)) complain(`${path}.callers`, `names ${caller}, who is no caller`);
    }
    const key = readJson(secret(`${path}.jwk`, recipient.jwk).reveal());
    const isKey = isObject(key) && typeof key['kty'] === 'string' && curves.includes(String(key['crv']));
    if (!isKey) complain(`${path}.jwk`, `must refer to a JSON Web Key on one of ${curves.join(', ')}`);
    if (isKey && key['d'] !== undefined) complain(`${path}.jwk`, "has a private half, which is its recipient's alone");
    return [
      name,
      {
        name,
        key: isKey ? { ...key, kty: String(key['kty']) } : { kty: 'EC' },
        callers: new Set(recipient.callers),
        reply: replyOf(recipient.reply, (reference) => secret(`${path}.reply.secret`, reference)),
      },
    ];
  });
  return {
    sources: new Map(Object.entries(written.sources)),
    recipients: new Map(recipients),
    ...omitUndefined({
      deadLetter: written.deadLetter && { ...written.deadLetter, queue: new URL(written.deadLetter.queue) },
    }),
  };
};

const replyOf = (
  written: WrittenEvents['recipients'][string]['reply'],
  secret: (reference: string) => ReturnType<CallersContext['secret']>,
): ReplyTarget => {
  switch (written.kind) {
    case 'sqs':
      return { ...written, queue: new URL(written.queue) };
    case 'webhook':
      return { ...written, url: new URL(written.url), secret: secret(written.secret) };
    case 'eventbridge': {
      const { endpoint, ...rest } = written;
      return { ...rest, ...(endpoint === undefined ? {} : { endpoint: new URL(endpoint) }) };
    }
  }
};
