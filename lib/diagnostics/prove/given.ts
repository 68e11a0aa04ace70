import type { WrittenConfig } from '../../config/schema.ts';
import type { DurationRange, MintOperation, Operation } from '../../core/requests.ts';
import { containing, exactAutomaton } from '../../grants/prove/automaton.ts';
import type { Language } from '../../grants/prove/language.ts';
import { intersectProducts, type Product } from '../../grants/prove/product.ts';
import type { AxisSet, MemberSet } from '../../grants/prove/set.ts';
import { claimAxis, member, names, numbers } from './axes.ts';
import type { ProveDeps, WrittenGrant } from './configured.ts';
import { requestDialects } from './proofs.ts';

const mints: ReadonlySet<string> = new Set([
  'AssumeRole',
  'GetFederationToken',
  'GetSessionToken',
  'AssumeRoleWithWebIdentity',
]);

/** As in lib/grants/template.ts: what a value may not have in it, unless a reference allows it. */
const dangerous = ['*', '?', '/', ':', '\\'];

const harmless = (allowed: string): Language => ({
  some: [],
  none: [
    exactAutomaton(''),
    containing('..'),
    containing('${'),
    ...dangerous.filter((character) => !allowed.includes(character)).map(containing),
  ],
});

/** Claims that the templates of a grant are filled with: there must be one text of each, and a harmless one. */
const referencedClaims = (grant: WrittenGrant): Product => {
  const product = new Map<string, AxisSet>();
  const add = (template: unknown, allowed?: string): void => {
    for (const [, name = ''] of JSON.stringify(template ?? '').matchAll(/\$\{claims\.([^{}]*)\}/g)) {
      const allow = allowed ?? grant.references[`claims.${name}`]?.allow ?? '';
      const set: MemberSet = { ...member(harmless(allow)), count: 'one' };
      const other = intersectProducts(product, new Map([[claimAxis(name), set]]))?.get(claimAxis(name));
      product.set(claimAxis(name), other ?? set);
    }
  };
  // In names nothing is dangerous.
  add([grant.sessionName, grant.sourceIdentity], dangerous.join(''));
  add([grant.policy, grant.tags]);
  return product;
};

const rangeOf = (
  grant: WrittenGrant,
  operation: MintOperation,
  written: WrittenConfig,
  deps: ProveDeps,
): DurationRange | undefined => {
  const account = written.accounts[grant.account];
  if (account === undefined) return undefined;
  if (operation === 'GetSessionToken' && grant.policy !== undefined) return undefined;
  // The role is assumed with the account's own key, except by the authority.
  const asked = operation === 'AssumeRoleWithWebIdentity' && account.cloud !== 'authority' ? 'AssumeRole' : operation;
  const hasRole = account.cloud !== 'authority' && account.federationRole !== undefined;
  return (
    deps.range(account, asked) ??
    (operation === 'GetFederationToken' && hasRole ? deps.range(account, 'AssumeRole') : undefined)
  );
};

/** What can come of a request that the grant takes, if its templates can be filled and the cloud can give it. */
export const givenOf = (
  grant: WrittenGrant,
  operation: Operation,
  written: WrittenConfig,
  deps: ProveDeps,
): Product | undefined => {
  if (!mints.has(operation)) return new Map();
  const range = rangeOf(grant, operation as MintOperation, written, deps);
  if (range === undefined) return undefined;
  const last = Math.min(range.max, grant.maxDurationSeconds ?? range.max);
  const product = new Map(referencedClaims(grant)).set('duration', numbers(BigInt(range.min), BigInt(last)));
  if (operation !== 'GetFederationToken' || grant.policy !== undefined || grant.accepts.includes('policy'))
    return product;
  // Without a policy, only a system that is asked in its own words knows what it does.
  const cloud = written.accounts[grant.account]?.cloud ?? '';
  const ownWords = cloud === 'authority' ? requestDialects.filter((one) => one !== 'json') : [cloud];
  return product.set('dialect', names(...ownWords));
};
