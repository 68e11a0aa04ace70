import { hash } from 'node:crypto';
import type { Store } from '../core/store.ts';
import { readJson } from '../wire/json.ts';
import type { ReplyEvent } from './reply-event.ts';

/** How long an event is remembered: longer than any queue keeps a message for another delivery by default. */
const rememberedMs = 4 * 24 * 3600_000;
/** How long one instance alone works on an event. If it dies, another delivery takes over after that. */
const claimMs = 60_000;

/** What became of an event before. */
export type Before =
  | { readonly kind: 'new' }
  /** Answered, and the answer is kept, so it may be sent again. */
  | { readonly kind: 'answered'; readonly reply: ReplyEvent }
  | { readonly kind: 'done' }
  /** Another instance works on it, or the store is down. */
  | { readonly kind: 'busy' };

/** One answer for one event, however often it is delivered. */
export interface Once {
  begin(source: string, id: string): Promise<Before>;
  /** Keeps the answer before it is sent; resolves to false if it cannot be kept. */
  answered(source: string, id: string, reply: ReplyEvent): Promise<boolean>;
  done(source: string, id: string): Promise<void>;
  /** Releases the event for another delivery. */
  giveBack(source: string, id: string): Promise<void>;
}

/**
 * Remembers events in the store.
 *
 * @example
 * const events = once(store, () => new Date());
 * if ((await events.begin(source, id)).kind === 'new') await events.answered(source, id, reply);
 */
export const once = (store: Store, now: () => Date): Once => {
  const keyOf = (source: string, id: string): string =>
    `event ${hash('sha256', JSON.stringify([source, id]), 'base64url')}`;
  const later = (milliseconds: number): Date => new Date(now().getTime() + milliseconds);
  return {
    begin: async (source, id) => {
      const key = keyOf(source, id);
      if (!(await store.acquire(key, later(claimMs)))) {
        return (await store.get(`${key} done`)) === undefined ? { kind: 'busy' } : { kind: 'done' };
      }
      if ((await store.get(`${key} done`)) !== undefined) return { kind: 'done' };
      const kept = await store.get(`${key} answer`);
      if (kept === undefined) return { kind: 'new' };
      // `answered` wrote it, and the store seals it.
      return { kind: 'answered', reply: readJson(kept) as ReplyEvent };
    },
    answered: (source, id, reply) =>
      store.put(`${keyOf(source, id)} answer`, JSON.stringify(reply), later(rememberedMs)),
    done: async (source, id) => {
      await store.put(`${keyOf(source, id)} done`, '1', later(rememberedMs));
      await store.release(keyOf(source, id));
    },
    giveBack: (source, id) => store.release(keyOf(source, id)),
  };
};
