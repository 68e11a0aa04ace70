import type { WrittenConfig } from '../../config/schema.ts';
import { type DurationRange, isMintOperation, type MintOperation, type Operation } from '../../core/requests.ts';
import { tokenSeconds } from '../../grants/authorize-token.ts';
import { calledOperation } from '../../grants/called-operation.ts';
import { containing, exactAutomaton } from '../../grants/prove/automaton.ts';
import type { Language } from '../../grants/prove/language.ts';
import { intersectProducts, type Product } from '../../grants/prove/product.ts';
import type { AxisSet, MemberSet } from '../../grants/prove/set.ts';
import { maxChainedSeconds } from '../../grants/session-gate.ts';
import { claimAxis, member, names, numbers, texts } from './axes.ts';
import type { ProveDeps, WrittenGrant } from './configured.ts';
import { type ProofRule, requestDialects } from './proofs.ts';

/** As in lib/grants/template.ts: what a value may not have in it, unless a reference allows it. */
const dangerous = ['*', '?', '/', ':', '\\', '%'];

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
const referencedClaims = (templates: unknown, ofNames: unknown, grant: WrittenGrant): Product => {
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
  add(ofNames, dangerous.join(''));
  add(templates);
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
  return deps.range(account, calledOperation(account, operation));
};

/** What takes a permanent key, and no session. */
const forKeysOnly: ReadonlySet<string> = new Set(['GetFederationToken', 'GetSessionToken']);

/** The longest that a holder of a session is given something; a session by `GetSessionToken` is its caller. */
const longestFor = ({ kind }: ProofRule, { grants }: WrittenConfig): number =>
  kind !== 'session' || grants.some(({ operations }) => operations.includes('GetSessionToken'))
    ? Number.POSITIVE_INFINITY
    : maxChainedSeconds;

/** As `decide` has it: a cloud is sent no name of a role that it may read as another's. */
const plainRole: Language = { some: [], none: ['%', '*', '?', '\\', '//', '/../', '/./'].map(containing) };

/** What can come of a request that the grant takes, if its templates can be filled and the cloud can give it. */
export const givenOf = (
  grant: WrittenGrant,
  operation: Operation,
  rule: ProofRule,
  written: WrittenConfig,
  deps: ProveDeps,
): Product | undefined => {
  const longest = Math.min(longestFor(rule, written), grant.maxDurationSeconds ?? Number.POSITIVE_INFINITY);
  const lasting = ({ min, max }: Pick<DurationRange, 'min' | 'max'>, product: Product): Product =>
    new Map(product).set('duration', numbers(BigInt(min), BigInt(Math.min(max, longest))));
  if (operation === 'IssueToken') {
    return lasting(tokenSeconds, referencedClaims([grant.token?.subject, grant.token?.claims], [], grant));
  }
  if (!isMintOperation(operation)) return new Map();
  if (rule.kind === 'session' && forKeysOnly.has(operation)) return undefined;
  const range = rangeOf(grant, operation, written, deps);
  if (range === undefined) return undefined;
  const cloud = written.accounts[grant.account]?.cloud ?? '';
  const product = new Map(
    lasting(range, referencedClaims([grant.policy, grant.tags], [grant.sessionName, grant.sourceIdentity], grant)),
  );
  if (cloud !== 'authority' && operation.startsWith('AssumeRole')) product.set('role', texts(plainRole));
  if (operation !== 'GetFederationToken' || grant.policy !== undefined || grant.accepts.includes('policy'))
    return product;
  // Without a policy, only a system that is asked in its own words knows what it does.
  const ownWords = cloud === 'authority' ? requestDialects.filter((one) => one !== 'json') : [cloud];
  return product.set('dialect', names(...ownWords));
};
