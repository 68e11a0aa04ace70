import type { WrittenConfig } from '../../config/schema.ts';
import type { Product, Region } from '../../grants/prove/product.ts';
import { type Admission, type Admissions, admissionsOf } from './admissions.ts';
import { maxDurationSeconds, numbers } from './axes.ts';
import type { ProveDeps } from './configured.ts';
import type { FindDeps, Witness } from './find.ts';
import { exceedingParts, type Gift } from './gift.ts';
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

const sameScope = (one: Admission, other: Admission): boolean =>
  one.rule.name === other.rule.name && one.grant.account === other.grant.account && one.operation === other.operation;

/** What an admission allows: without ambiguous tokens, and without what earlier grants take. */
const regionOf = ({ product, rivals, before }: Admission): Region => ({
  product,
  except: [...rivals, ...before.map((one) => one.product)],
});

const forAnyDuration = (region: Region): Region => ({
  ...region,
  product: new Map(region.product).set('duration', numbers(0n, maxDurationSeconds)) as Product,
});

const changeOf = (admission: Admission, others: Admissions, deps: FindDeps): Change | undefined => {
  const candidates = others.all.filter((other) => sameScope(admission, other));
  const isEnough = (gift: Gift): boolean => exceedingParts(admission.gift, gift).length === 0;
  const enough = candidates.filter(({ gift }) => isEnough(gift)).map(regionOf);
  const finding = findAllowed(admission, enough, deps);
  const { grant, rule, operation } = admission;
  const common = { grant: grant.name, caller: rule.caller, account: grant.account, operation, parts: [] };
  if (finding.kind === 'none') return undefined;
  if (finding.kind === 'unknown') return { ...common, kind: 'unknown', why: finding.why };
  if (findAllowed(admission, enough.map(forAnyDuration), deps).kind === 'none') {
    return { ...common, kind: 'longer', witness: finding.witness };
  }
  const any = candidates.map((one) => forAnyDuration(regionOf(one)));
  const newcomer = findAllowed(admission, any, deps);
  if (newcomer.kind === 'found') return { ...common, kind: 'who', witness: newcomer.witness };
  const parts = new Set(candidates.flatMap(({ gift }) => exceedingParts(admission.gift, gift)));
  return { ...common, kind: 'what', parts: [...parts], witness: finding.witness };
};

/** What a change of the configuration admits, and what it withdraws. */
export const diff = (before: WrittenConfig, after: WrittenConfig, deps: ProveDeps): Difference => {
  const [older, newer] = [admissionsOf(before, deps), admissionsOf(after, deps)];
  const found = findDeps(deps.now, older, newer);
  const beyond = (one: Admissions, other: Admissions): readonly Change[] =>
    one.all.flatMap((admission) => changeOf(admission, other, found) ?? []);
  return { admitted: beyond(newer, older), withdrawn: beyond(older, newer) };
};
