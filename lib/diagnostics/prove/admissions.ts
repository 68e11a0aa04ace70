import type { WrittenConfig } from '../../config/schema.ts';

import { leaseOperations, type Operation } from '../../core/requests.ts';
import { intersectProducts, type Product, type Region } from '../../grants/prove/product.ts';
import type { AxisSet } from '../../grants/prove/set.ts';
import { addressesOf, anyAddress } from './addresses.ts';
import { claimAxis, type Languages, languages, maxDurationSeconds, member, names, numbers, texts } from './axes.ts';
import type { ProveDeps, WrittenGrant } from './configured.ts';
import { type Gift, giftOf } from './gift.ts';
import { givenOf } from './given.ts';
import { near } from './near.ts';
import { type ProofProduct, proofProducts } from './proof-products.ts';
import { type ProofRule, proofRules } from './proofs.ts';
import { anyInstant, anyMinute, instantsOf, minutesOf } from './times.ts';

/** What an earlier grant takes. */
export interface Taken extends Region {
  /** The index of that grant. */
  readonly index: number;
}

/** What one grant admits of one proof for one operation. */
export interface Admission {
  readonly grant: WrittenGrant;
  /** The index of the grant in the configuration. */
  readonly index: number;
  readonly rule: ProofRule;
  readonly operation: Operation;
  readonly product: Product;
  /** The tokens that other callers are proven by, too. */
  readonly rivals: readonly Product[];
  /** What grants that are asked before this one take. */
  readonly before: readonly Taken[];
  readonly gift: Gift;
}

/** Every admission of a configuration, and what searches need to know of its proofs. */
export interface Admissions {
  readonly all: readonly Admission[];
  readonly proofs: readonly ProofProduct[];
  readonly rules: readonly ProofRule[];
  readonly languages: Languages;
}

/** Those in which a token of our own issuer can be asked for. */
const tokenDialects: ReadonlySet<string> = new Set(['oauth', 'aws']);

/** What every request of a grant's scope is like. */
const scopeOf = (grant: WrittenGrant, operation: Operation, rule: ProofRule, of: Languages): Product => {
  const dialects = rule.dialects.filter(
    (one) =>
      (grant.dialects === undefined || grant.dialects.some((it) => it === one)) &&
      (operation !== 'Observe' || one === 'json') &&
      (operation !== 'IssueToken' || tokenDialects.has(one)),
  );
  const axes: [string, AxisSet][] = [
    ['account', names(grant.account)],
    ['operation', names(operation)],
    ['dialect', names(...dialects)],
  ];
  if (operation === 'AssumeRole' || operation === 'AssumeRoleWithWebIdentity') {
    axes.push(['role', texts(of.matching(grant.roles))]);
  }
  if (leaseOperations.has(operation)) axes.push(['lease', texts(of.matching(grant.leases))]);
  if (operation === 'IssueToken') axes.push(['audience', texts(of.matching(grant.token?.audiences ?? []))]);
  return new Map(axes);
};

/** What the conditions of a grant ask; in `audit` mode they are not enforced. */
const conditionsOf = (grant: WrittenGrant, isEnforced: boolean, of: Languages): Product => {
  const { sourceIps, times, acr, amr } = grant;
  const product = new Map<string, AxisSet>([
    ['address', { kind: 'numbers', intervals: isEnforced && sourceIps ? addressesOf(sourceIps) : anyAddress }],
    ['instant', { kind: 'numbers', intervals: isEnforced && times ? instantsOf(times) : anyInstant }],
    ['minute', { kind: 'numbers', intervals: isEnforced && times ? minutesOf(times) : anyMinute }],
    ['duration', numbers(0n, maxDurationSeconds)],
  ]);
  if (!isEnforced) return product;
  const demands = [
    ...Object.entries(grant.claims).map(([name, patterns]) => [name, member(of.matching(patterns))] as const),
    // A list is no `acr`, whatever is in it.
    ...(acr === undefined ? [] : [['acr', { ...member(of.exactly(acr)), count: 'one' }] as const]),
    ...(amr ?? []).map((one) => ['amr', member(of.exactly([one]))] as const),
  ];
  return demands.reduce<Product>(
    (all, [name, set]) => intersectProducts(all, new Map([[claimAxis(name), set]])) ?? all,
    product,
  );
};

/** What a lease asks for itself, or its reader. */
const leaseOf = ({ lease }: ProofRule, operation: Operation, of: Languages): Product => {
  if (lease === undefined) return new Map();
  const axes: [string, AxisSet][] = [
    ['operation', names(lease.operation)],
    ['account', names(lease.account)],
  ];
  if (operation === 'ReadLease') axes.push(['lease', texts(of.exactly([lease.name]))]);
  if (lease.role !== undefined && operation === 'AssumeRole') axes.push(['role', texts(of.exactly([lease.role]))]);
  return new Map(axes);
};

const together = (...products: readonly Product[]): Product | undefined =>
  products.reduce<Product | undefined>((all, one) => all && intersectProducts(all, one), new Map());

/** Every admission of a configuration; two that are compared share their languages. */
export const admissionsOf = (written: WrittenConfig, deps: ProveDeps, of = languages()): Admissions => {
  const rules = proofRules(written, deps, of);
  const proofs = proofProducts(rules);
  const byCaller = Map.groupBy(proofs, ({ rule }) => rule.caller);
  const all: Admission[] = [];
  /** By caller, account, operation and proof: what the grants so far take. */
  const taken = new Map<string, (Taken & { readonly isWhole: boolean })[]>();
  const pending: (() => void)[] = [];
  for (const [index, grant] of written.grants.entries()) {
    const gift = giftOf(grant, written);
    for (const proof of grant.callers.flatMap((caller) => byCaller.get(caller) ?? [])) {
      for (const operation of new Set(grant.operations)) {
        if (operation === 'AssumeRoleWithWebIdentity' && proof.rule.kind !== 'jwt') continue;
        for (const isWhole of grant.mode === 'audit' ? [true, false] : [true]) {
          const { rule } = proof;
          const life = rule.expiresMs === undefined ? new Map() : instantsBefore(rule.expiresMs);
          const asked = together(
            proof.product,
            scopeOf(grant, operation, rule, of),
            leaseOf(rule, operation, of),
            conditionsOf(grant, isWhole, of),
            life,
          );
          if (asked === undefined) continue;
          const key = JSON.stringify([rule.caller, grant.account, operation, rule.name]);
          const others = taken.get(key) ?? [];
          taken.set(key, others);
          const given = givenOf(grant, operation, rule, written, deps);
          const product = given && intersectProducts(asked, given);
          const position = others.push({ product: asked, except: [], index, isWhole }) - 1;
          if (product === undefined) continue;
          const isNear = near(product, rule.grammar);
          const rivals = proof.rivals.filter(isNear);
          const admission = { grant, index, rule, operation, product, rivals, gift };
          // What meets every condition of any grant goes before what an earlier one lets through.
          pending.push(() => {
            const before = others.filter((other, at) =>
              other.index === index ? false : isWhole ? other.isWhole && at < position : other.isWhole || at < position,
            );
            all.push({ ...admission, before: before.filter((other) => isNear(other.product)) });
          });
        }
      }
    }
  }
  for (const each of pending) each();
  return { all, proofs, rules, languages: of };
};

const instantsBefore = (ms: number): Product =>
  new Map<string, AxisSet>([
    ['instant', { kind: 'numbers', intervals: anyInstant.map(([first]) => [first, BigInt(ms) - 1n] as const) }],
  ]);
