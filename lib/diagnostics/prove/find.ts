import { isDeepStrictEqual } from 'node:util';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { leaseOperations } from '../../core/requests.ts';
import type { IssuerGrammar } from '../../grants/prove/issuers/grammar.ts';
import { isPlainlyEmpty, type Language } from '../../grants/prove/language.ts';
import type { Finding, Product } from '../../grants/prove/product.ts';
import type { AxisSet, MemberSet } from '../../grants/prove/set.ts';
import { type ClaimValue, tokenIn } from '../../grants/prove/token.ts';
import { shortestToken } from '../../grants/prove/witness.ts';
import { addressIn } from './addresses.ts';
import { claimOfAxis } from './axes.ts';
import { anyInstant, anyMinute, momentIn } from './times.ts';

/** A request that is admitted, whole, so that it can be put to the real decision. */
export interface Witness {
  /** What is shown, in words. */
  readonly proof: string;
  /** What kind of token it is, in the issuer's terms. */
  readonly kind: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The names of claims of which any other value would do. */
  readonly unasked: readonly string[];
  readonly account: string;
  readonly operation: string;
  readonly role?: string;
  readonly lease?: string;
  readonly audience?: string;
  readonly durationSeconds?: number;
  /** That the caller must give a policy of its own. */
  readonly policy?: 'own';
  readonly dialect: string;
  /** Absent if it may come from anywhere. */
  readonly sourceIp?: string;
  readonly at: string;
  /** Whether any other time would do. */
  readonly isAnyTime?: true;
}

/** What searches must know besides the product. */
export interface FindDeps {
  grammarOf(proof: string): IssuerGrammar;
  readonly now: Date;
}

const only = (set: AxisSet | undefined): string | undefined =>
  set?.kind === 'names' ? set.names.values().next().value : undefined;

const intervalsOf = (set: AxisSet | undefined) => (set?.kind === 'numbers' ? set.intervals : []);

/** Puts a value where a name or a JSON Pointer says. */
const put = (claims: Record<string, unknown>, name: string, value: ClaimValue): boolean => {
  const path = name.startsWith('/')
    ? name
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [name];
  let at: Record<string, unknown> = claims;
  for (const part of path.slice(0, -1)) {
    at[part] ??= {};
    const inner = at[part];
    // A claim cannot be a text and an object at once.
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return false;
    at = inner as Record<string, unknown>;
  }
  const last = path.at(-1) ?? '';
  if (Object.hasOwn(at, last)) return false;
  at[last] = value;
  return true;
};

const foundTexts = new WeakMap<Language, Finding<string | undefined>>();

const searchText = (language: Language): Finding<string | undefined> => {
  const found = shortestToken([{ in: ['text'], alphabet: () => true }], new Map([['text', language]]));
  return found.kind === 'found' ? { kind: 'found', witness: found.claims['text'] } : found;
};

const textOf = (product: Product, axis: string): Finding<string | undefined> => {
  const set = product.get(axis);
  if (set?.kind !== 'texts') return { kind: 'found', witness: undefined };
  // Most searches of one grant are about its claims, and have its roles in common.
  const found = foundTexts.get(set.language) ?? searchText(set.language);
  foundTexts.set(set.language, found);
  return found;
};

/** Claims that are one text in every token of the issuer. */
export const isText = ({ kinds, lists, texts, isOpen }: IssuerGrammar, name: string): boolean =>
  !lists.includes(name) &&
  (!isOpen || texts.includes(name) || kinds.every(({ shape }) => shape.some((part) => part.in.includes(name))));

/** Whether it shows without a search that nothing is admitted. */
const isPlainlyNothing = (product: Product, grammar: IssuerGrammar): boolean => {
  for (const [axis, set] of product) {
    if (set.kind === 'texts' && isPlainlyEmpty(set.language)) return true;
    if (set.kind !== 'members' || set.some.length === 0 || !isText(grammar, claimOfAxis(axis) ?? '')) continue;
    const none = set.never.flatMap((language) =>
      language.none.length === 0 && language.some.length === 1 ? (language.some[0] ?? []) : [],
    );
    if (isPlainlyEmpty({ some: set.some.flatMap(({ some }) => some), none })) return true;
  }
  return false;
};

const claimSets = (product: Product): ReadonlyMap<string, MemberSet> =>
  new Map(
    [...product].flatMap(([axis, set]) => {
      const name = claimOfAxis(axis);
      return name === undefined || set.kind !== 'members' ? [] : [[name, set] as const];
    }),
  );

const isAnyTime = (product: Product): boolean => {
  const [instants, minutes] = [intervalsOf(product.get('instant')), intervalsOf(product.get('minute'))];
  return isDeepStrictEqual(instants, anyInstant) && isDeepStrictEqual(minutes, anyMinute);
};

/** What has no duration, as no credentials are minted for it. */
const unminted: ReadonlySet<string> = new Set([...leaseOperations, 'GetCallerIdentity', 'Observe']);

/** Finds a request that a product admits, or shows that there is none. */
export const find = (product: Product, { grammarOf, now }: FindDeps): Finding<Witness> => {
  const proof = only(product.get('proof'));
  if (proof === undefined || [...product.values()].some((set) => set.kind === 'names' && set.names.size === 0)) {
    return { kind: 'none' };
  }
  const grammar = grammarOf(proof);
  if (isPlainlyNothing(product, grammar)) return { kind: 'none' };
  const moment = momentIn(intervalsOf(product.get('instant')), intervalsOf(product.get('minute')), now);
  const addresses = intervalsOf(product.get('address'));
  const longest = intervalsOf(product.get('duration')).at(-1)?.[1];
  if (moment === undefined || addresses.length === 0 || longest === undefined) return { kind: 'none' };
  const role = textOf(product, 'role');
  if (role.kind !== 'found') return role;
  const lease = textOf(product, 'lease');
  if (lease.kind !== 'found') return lease;
  const audience = textOf(product, 'audience');
  if (audience.kind !== 'found') return audience;
  const token = tokenIn(grammar, claimSets(product));
  if (token.kind !== 'found') return token;
  const claims: Record<string, unknown> = {};
  for (const [name, value] of token.claims)
    if (!put(claims, name, value)) return { kind: 'unknown', why: `the claim ${name} is a text and an object` };
  const operation = only(product.get('operation')) ?? '';
  const isMinted = !unminted.has(operation);
  return {
    kind: 'found',
    witness: omitUndefined({
      proof,
      kind: token.of,
      claims: token.claims.size === 0 ? undefined : claims,
      unasked: token.unasked,
      account: only(product.get('account')) ?? '',
      operation,
      role: role.witness,
      lease: lease.witness,
      audience: audience.witness,
      durationSeconds: isMinted ? Number(longest) : undefined,
      dialect: only(product.get('dialect')) ?? '',
      sourceIp: addressIn(addresses),
      at: moment.toISOString(),
      isAnyTime: isAnyTime(product) ? (true as const) : undefined,
    }),
  };
};
