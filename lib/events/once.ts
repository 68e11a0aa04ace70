import { hash } from 'node:crypto';
import type { Store } from '../core/store.ts';
import { readJson } from '../wire/json.ts';
import type { ReplyEvent } from './reply.ts';

/** How long an event is remembered: longer than any queue here keeps a message for another try by default. */
const remembered = 4 * 24 * 3600_000;
/** How long one instance has an event to itself; if it dies, a redelivery takes over after that. */
const claimed = 60_000;

/** What became of an event before. */
export type Before =
  | { readonly kind: 'new' }
  /** Answered, and the answer is kept: it may be sent again. */
  | { readonly kind: 'answered'; readonly reply: ReplyEvent }
  | { readonly kind: 'done' }
  /** Somebody else is at it, or the store is down: later. */
  | { readonly kind: 'busy' };

/** One answer for one event, however often it is delivered. */
export interface Once {
  begin(source: string, id: string): Promise<Before>;
  /** Keeps the answer before it is sent; false where it cannot be kept. */
  answered(source: string, id: string, reply: ReplyEvent): Promise<boolean>;
  done(source: string, id: string): Promise<void>;
  /** Gives the event back for another try. */
  giveBack(source: string, id: string): Promise<void>;
}

export const once = (store: Store, now: () => Date): Once => {
  const keyOf = (source: string, id: string): string =>
    `event ${hash('sha256', JSON.stringify([source, id]), 'base64url')}`;
  const later = (milliseconds: number): Date => new Date(now().getTime() + milliseconds);
  return {
    begin: async (source, id) => {
      const key = keyOf(source, id);
      if (!(await store.acquire(key, later(claimed)))) {
        return (await store.get(`${key} done`)) === undefined ? { kind: 'busy' } : { kind: 'done' };
      }
      if ((await store.get(`${key} done`)) !== undefined) return { kind: 'done' };
      const kept = await store.get(`${key} answer`);
      if (kept === undefined) return { kind: 'new' };
      // Written below, and sealed.
      return { kind: 'answered', reply: readJson(kept) as ReplyEvent };
    },
    answered: (source, id, reply) => store.put(`${keyOf(source, id)} answer`, JSON.stringify(reply), later(remembered)),
    done: async (source, id) => {
      await store.put(`${keyOf(source, id)} done`, '1', later(remembered));
      await store.release(keyOf(source, id));
    },
    giveBack: (source, id) => store.release(keyOf(source, id)),
  };
};
