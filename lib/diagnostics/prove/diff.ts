import type { WrittenConfig } from '../../config/schema.ts';
import type { Product, Region } from '../../grants/prove/product.ts';
import { type Admission, type Admissions, admissionsOf } from './admissions.ts';
import { languages, maxDurationSeconds, numbers } from './axes.ts';
import type { ProveDeps } from './configured.ts';
import type { FindDeps, Witness } from './find.ts';
import { exceedingParts, type Gift } from './gift.ts';
import { near } from './near.ts';
import { findAllowed, findDeps } from './search.ts';

/** Something that one configuration admits and the other does not. */
export interface Change {
  readonly grant: string;
  readonly caller: string;
  readonly account: string;
  readonly operation: string;
  /**
   * `who`: somebody had nothing. `what`: the same request is given more, or something else, in these parts. `longer`: the
   * same, for longer. `unknown`: it could not be told.
   */
  readonly kind: 'who' | 'what' | 'longer' | 'unknown';
  readonly parts: readonly string[];
  readonly witness?: Witness;
  /** Which bound was hit. */
  readonly why?: string;
}

export interface Difference {
  /** What NEW admits and OLD does not. */
  readonly admitted: readonly Change[];
  /** What OLD admits and NEW does not. */
  readonly withdrawn: readonly Change[];
}

/** What two admissions must agree in to have anything in common. */
const scopeKey = ({ rule, grant, operation }: Admission): string =>
  JSON.stringify([rule.name, grant.account, operation]);

/** What an admission allows: without ambiguous tokens, and without what earlier grants take. */
const regionOf = ({ product, rivals, before }: Admission): Region => ({
  product,
  except: [...rivals, ...before.map((one) => one.product)],
});

const forAnyDuration = (region: Region): Region => ({
  ...region,
  product: new Map(region.product).set('duration', numbers(0n, maxDurationSeconds)) as Product,
});

/** An admission of the other configuration, with what it allows. */
interface Counterpart extends Region {
  readonly gift: Gift;
  readonly isSame: (admission: Admission) => boolean;
}

const counterpartsOf = ({ all }: Admissions): ReadonlyMap<string, readonly Counterpart[]> => {
  const counterparts = all.map((one) => ({
    key: scopeKey(one),
    ...regionOf(one),
    gift: one.gift,
    isSame: ({ grant }: Admission) => grant.name === one.grant.name,
  }));
  return Map.groupBy(counterparts, ({ key }) => key);
};

const changeOf = (
  admission: Admission,
  others: ReadonlyMap<string, readonly Counterpart[]>,
  deps: FindDeps,
): Change | undefined => {
  const isNear = near(admission.product, admission.rule.grammar);
  const all = (others.get(scopeKey(admission)) ?? []).filter(({ product }) => isNear(product));
  // The grant of the same name most likely takes all of it, and then nothing is left to be cut.
  const candidates = all.sort((one, other) => Number(other.isSame(admission)) - Number(one.isSame(admission)));
  const enough = candidates.filter(({ gift }) => exceedingParts(admission.gift, gift).length === 0);
  const finding = findAllowed(admission, enough, deps);
  const { grant, rule, operation } = admission;
  const common = { grant: grant.name, caller: rule.caller, account: grant.account, operation, parts: [] };
  if (finding.kind === 'none') return undefined;
  if (finding.kind === 'unknown') return { ...common, kind: 'unknown', why: finding.why };
  if (findAllowed(admission, enough.map(forAnyDuration), deps).kind === 'none') {
    return { ...common, kind: 'longer', witness: finding.witness };
  }
  const any = candidates.map(forAnyDuration);
  const newcomer = findAllowed(admission, any, deps);
  if (newcomer.kind === 'found') return { ...common, kind: 'who', witness: newcomer.witness };
  const parts = new Set(candidates.flatMap(({ gift }) => exceedingParts(admission.gift, gift)));
  return { ...common, kind: 'what', parts: [...parts], witness: finding.witness };
};

/** What a change of the configuration admits, and what it withdraws. */
export const diff = (before: WrittenConfig, after: WrittenConfig, deps: ProveDeps): Difference => {
  const of = languages();
  const [older, newer] = [admissionsOf(before, deps, of), admissionsOf(after, deps, of)];
  const found = findDeps(deps.now, older, newer);
  let done = 0;
  const total = older.all.length + newer.all.length;
  const beyond = (one: Admissions, other: Admissions): readonly Change[] => {
    const counterparts = counterpartsOf(other);
    return one.all.flatMap((admission) => {
      deps.onProgress?.(done++, total);
      return changeOf(admission, counterparts, found) ?? [];
    });
  };
  return { admitted: beyond(newer, older), withdrawn: beyond(older, newer) };
};
