import { hash } from 'node:crypto';
import type { Caller } from '../core/caller.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Store } from '../core/store.ts';
import { storeAnswer } from '../core/store-answer.ts';
import { isObject, readJson } from '../wire/json.ts';

/** Who looks: as much of a proven caller as a grant can ask about and the record says. */
export type Viewer = Pick<Caller, 'name' | 'proof' | 'accessKeyId' | 'claims' | 'subject' | 'byOwnIssuer'>;

/** The viewer that a caller is. */
export const viewerOf = ({ name, proof, accessKeyId, claims, subject, byOwnIssuer }: Viewer): Viewer =>
  omitUndefined<Viewer>({ name, proof, accessKeyId, claims, subject, byOwnIssuer });

/** Someone who looks, and until when. */
export interface Session {
  readonly viewer: Viewer;
  readonly until: Date;
  /** The rule by which the viewer was proven, as a digest. */
  readonly rule: string;
}

/** The longest that a session lasts, in seconds. */
const maxSessionSeconds = 3_600;

/** One-time codes, and the sessions that they begin. Both are known by their digests alone, in the store. */
export interface Sessions {
  /** A code that begins one session within so many seconds; undefined if the store does not keep it. */
  newCode(viewer: Viewer, lifetimeSeconds: number): Promise<string | undefined>;
  /** Whoever the code was made for, once. Rejects with Unavailable if the store cannot tell whether it was used. */
  redeem(code: string): Promise<Caller | undefined>;
  /** Begins a session; resolves to what its cookie holds, or undefined if the store does not keep it. */
  begin(viewer: Viewer): Promise<{ readonly id: string; readonly session: Session } | undefined>;
  read(id: string): Promise<Session | undefined>;
  /** Whether a session is not over: neither by its time, nor because its viewer would have to be proven otherwise now. */
  lasts(session: Session): boolean;
}

export interface SessionDeps {
  readonly store: Store;
  readonly now: () => Date;
  /** How a caller is proven by the configuration that is served now. */
  readonly ruleOf: (caller: string) => unknown;
  /** A text that cannot be guessed, of characters that a URL and a cookie take. */
  readonly randomText: () => string;
}

/** Codes and sessions in a store, so that every instance that shares it knows them. */
export const sessions = ({ store, now, ruleOf, randomText }: SessionDeps): Sessions => {
  const digest = (text: string): string => hash('sha256', text, 'base64url');
  const keyOf = (kind: string, text: string): string => `console ${kind} ${digest(text)}`;
  const ruleNow = ({ name }: Viewer): string => digest(JSON.stringify(ruleOf(name) ?? null));
  const lasts = ({ viewer, until, rule }: Session): boolean => until > now() && rule === ruleNow(viewer);

  const keep = async (kind: string, session: Session): Promise<string | undefined> => {
    const text = randomText();
    return (await store.put(keyOf(kind, text), write(session), session.until)) ? text : undefined;
  };

  const find = async (kind: string, text: string): Promise<Session | undefined> => {
    const session = read((await store.get(keyOf(kind, text))) ?? '');
    return session !== undefined && lasts(session) ? session : undefined;
  };

  return {
    newCode: (viewer, lifetimeSeconds) =>
      keep('code', { viewer, until: new Date(now().getTime() + lifetimeSeconds * 1000), rule: ruleNow(viewer) }),
    redeem: async (code) => {
      const found = await find('code', code);
      if (found === undefined) return undefined;
      const key = keyOf('code', code);
      const isFirst = await storeAnswer(
        store.acquire(key, found.until),
        'Whether the link was used cannot be told now.',
      );
      return isFirst ? { ...found.viewer, giveBackProof: () => store.release(key) } : undefined;
    },
    begin: async (viewer) => {
      const session = { viewer, until: endOf(viewer, now()), rule: ruleNow(viewer) };
      const id = await keep('session', session);
      return id === undefined ? undefined : { id, session };
    },
    read: (id) => find('session', id),
    lasts,
  };
};

/** A session ends with the token that proved its viewer, whoever checked it: we or a gateway. */
const endOf = ({ claims }: Viewer, now: Date): Date => {
  const longest = now.getTime() + maxSessionSeconds * 1000;
  const expiresMs = Number(claims?.['exp']) * 1000;
  return new Date(Number.isNaN(expiresMs) ? longest : Math.min(longest, expiresMs));
};

const write = ({ viewer, until, rule }: Session): string =>
  JSON.stringify({ ...viewerOf(viewer), until: until.toISOString(), rule });

const readSubject = (value: unknown): Viewer['subject'] => {
  if (!isObject(value)) return undefined;
  const { issuer, name } = value;
  return typeof issuer === 'string' && typeof name === 'string' ? { issuer, name } : undefined;
};

const read = (text: string): Session | undefined => {
  const value = readJson(text);
  if (!isObject(value)) return undefined;
  const { name, proof, accessKeyId, claims, subject, byOwnIssuer, until, rule } = value;
  if (typeof name !== 'string' || typeof proof !== 'string') return undefined;
  if (typeof until !== 'string' || typeof rule !== 'string') return undefined;
  const viewer = omitUndefined<Viewer>({
    name,
    proof: proof as Viewer['proof'],
    accessKeyId: typeof accessKeyId === 'string' ? accessKeyId : undefined,
    claims: isObject(claims) ? claims : undefined,
    subject: readSubject(subject),
    byOwnIssuer: byOwnIssuer === true ? (true as const) : undefined,
  });
  return { viewer, until: new Date(until), rule };
};
