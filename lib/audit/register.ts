import type { Clock } from '../core/clock.ts';
import type { Store } from '../core/store.ts';
import { isObject, readJson } from '../wire/json.ts';
import type { Link } from './chain.ts';

// In the store, each chain has an entry of its own with the last line that its instance is known to have written; one list
// names the chains. So an instance that was killed is named by others, although nobody sees its end, and what it wrote
// until then cannot be cut off unseen. An entry that is late or lost makes nothing false: a chain that went on proves itself.

/** How far each chain has come, as the instances of a store tell each other. Nobody waits for any of it. */
export interface ChainRegister {
  /** Tells the others that this line was written. */
  note(tip: Link): void;
  /** The last lines of other chains that are to be named; each time, none but those that are new. */
  take(): readonly Link[];
  /** Says that these were named, in a line that is written. */
  named(links: readonly Link[]): void;
  /** Says that this instance's chain has its end: nobody needs to name it. */
  end(tip: Link): Promise<void>;
}

export interface ChainRegisterDeps {
  readonly store: Store;
  /** Where the lines go. Chains that are written elsewhere are not in the same log, and are none of ours to name. */
  readonly place: string;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'sleep'>;
  /** Between two entries of one chain: what was written in the last so many milliseconds may be unknown to the others. */
  readonly paceMs: number;
}

/** A chain that nobody named is forgotten after so long. */
const lifeMs = 30 * 24 * 3_600_000;
/** Between two looks at the others, by whichever instance is the first to look. */
const lookMs = 60_000;
/** A chain that was named and has not moved for so long is not looked at again, unless it moves. */
const silentMs = 10 * 60_000;
/** How long one instance alone may change the list. */
const claimMs = 5_000;
/** The others' chains that are remembered; with more, those that are new to the list wait until it has room. */
const maxChains = 512;
/** So many are looked at and named in one line, which a queue must take. */
const maxNamed = 64;

/** Between attempts while the store does not answer, or the list is another's to change. */
const firstRetryMs = 1_000;
const maxRetryMs = 60_000;

const entryKey = (chain: string): string => `audit chain ${chain}`;

interface Entry {
  readonly link: Link;
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  readonly ended: boolean;
}

const textOf = ({ link: { sequence, hash }, at, ended }: Entry): string =>
  JSON.stringify({ sequence, hash, at, ended });

const entryOf = (chain: string, text: string | undefined): Entry | undefined => {
  const value = text === undefined ? undefined : readJson(text);
  if (!isObject(value)) return undefined;
  const { sequence, hash, at, ended } = value;
  if (typeof sequence !== 'number' || typeof hash !== 'string' || typeof at !== 'number') return undefined;
  return { link: { chain, sequence, hash }, at, ended: ended === true };
};

const namesOf = (text: string | undefined): readonly string[] => {
  const value = text === undefined ? undefined : readJson(text);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};

/**
 * A register in a store that several instances share. Looks at the others at once, and then every minute in which something
 * is written.
 *
 * @example
 * const register = chainRegister(id, { store, place, clock, paceMs: 100 });
 * register.note(tip);
 * const links = register.take();
 */
export const chainRegister = (own: string, { store, place, clock, paceMs }: ChainRegisterDeps): ChainRegister => {
  const listKey = `audit chains ${place}`;
  const found = new Map<string, Link>();
  /** How far each chain was when it was last to be named. */
  const known = new Map<string, number>();
  const over = new AbortController();
  let isListed = false;
  let latest: Link | undefined;
  let isTelling = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  let lookedAt = clock.monotonicMs();

  const later = (milliseconds: number): Date => new Date(clock.now().getTime() + milliseconds);

  const put = (link: Link, ended = false): Promise<boolean> =>
    store.put(entryKey(link.chain), textOf({ link, at: clock.now().getTime(), ended }), later(lifeMs));

  /** Changes the list of chains; resolves to whether it was possible, as another may be at it. */
  const changeList = async (change: (names: readonly string[]) => readonly string[]): Promise<boolean> => {
    const until = later(claimMs);
    if ((await store.acquire(listKey, until)) !== true) return false;
    const before = namesOf(await store.get(listKey));
    const after = change(before);
    const isKept = after.length <= maxChains && (await store.put(listKey, JSON.stringify(after), later(lifeMs)));
    if (clock.now() < until) await store.release(listKey);
    return isKept;
  };

  const look = async (): Promise<void> => {
    lookedAt = clock.monotonicMs();
    const names = namesOf(await store.get(listKey)).filter((name) => name !== own);
    // Those whose turn was longest ago: what is not looked at now is the next time.
    const chosen = names.slice(0, maxNamed);
    const entries = await Promise.all(chosen.map(async (name) => entryOf(name, await store.get(entryKey(name)))));
    for (const entry of entries) {
      if (entry === undefined || entry.ended || known.get(entry.link.chain) === entry.link.sequence) continue;
      found.set(entry.link.chain, entry.link);
    }
    const isDone = (entry: Entry | undefined): boolean =>
      entry === undefined ||
      entry.ended ||
      (known.get(entry.link.chain) === entry.link.sequence && clock.now().getTime() - entry.at > silentMs);
    const done = new Set(chosen.filter((_, index) => isDone(entries[index])));
    for (const name of done) known.delete(name);
    if (done.size === 0 && names.length <= maxNamed) return;
    const seen = new Set(chosen);
    await changeList((all) => [
      ...all.filter((name) => !seen.has(name)),
      ...all.filter((name) => seen.has(name) && !done.has(name)),
    ]);
  };

  const lookIfDue = async (): Promise<void> => {
    if (clock.monotonicMs() - lookedAt < lookMs) return;
    lookedAt = clock.monotonicMs();
    if ((await store.acquire(`audit look ${place}`, later(lookMs))) === true) await look();
  };

  /** Makes this chain's entry, and lists it; resolves to whether both could be done. */
  const enter = async (link: Link): Promise<boolean> => {
    // One that was silent for long may have been taken from the list.
    if (clock.monotonicMs() - toldAt > silentMs / 2) isListed = false;
    toldAt = clock.monotonicMs();
    if (!(await put(link))) return false;
    isListed ||= await changeList((all) => (all.includes(own) ? all : [...all, own]));
    return isListed;
  };

  const tell = async (): Promise<void> => {
    isTelling = true;
    let pauseMs = paceMs;
    while (latest !== undefined && !over.signal.aborted) {
      const waitMs = toldAt + pauseMs - clock.monotonicMs();
      if (waitMs > 0) await clock.sleep(waitMs, over.signal);
      if (over.signal.aborted) break;
      const link = latest;
      latest = undefined;
      const isDone = await enter(link);
      pauseMs = isDone ? paceMs : Math.min(Math.max(pauseMs * 2, firstRetryMs), maxRetryMs);
      // What is newer by now says more.
      if (!isDone) latest ??= link;
      await lookIfDue();
    }
    isTelling = false;
  };

  void look();

  return {
    note: (tip) => {
      latest = tip;
      if (!isTelling) void tell();
    },
    take: () => {
      if (found.size === 0) return [];
      const links = [...found.values()];
      found.clear();
      return links;
    },
    named: (links) => {
      for (const { chain, sequence } of links) known.set(chain, sequence);
    },
    end: async (tip) => {
      over.abort('ended');
      await put(tip, true);
    },
  };
};
