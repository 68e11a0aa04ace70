import type { WrittenConfig } from '../config/schema.ts';
import type { WrittenGrant } from '../config/sections/grants.ts';
import type { Upstream } from '../core/cloud.ts';
import { isMintOperation, leaseOperations, type MintOperation, type Narrowing } from '../core/requests.ts';
import { calledOperation } from '../grants/called-operation.ts';

/** What is known of the clouds that a configuration may name. */
export interface PossibleDeps {
  readonly upstreams: readonly Upstream[];
  /** What the roles of each cloud begin with, by its id. */
  readonly rolePrefixes: ReadonlyMap<string, readonly string[]>;
}

/** One thing that no request could ever get, as `PATH: WHY`. */
type Fault = string;

/** Everything in a configuration whose form is valid and that can never work. */
export const impossible = (written: WrittenConfig, deps: PossibleDeps): readonly Fault[] => [
  ...sameNames(written),
  ...sameRules(written),
  ...Object.entries(written.accounts).flatMap(([name, account]) => accountFaults(name, account, deps)),
  ...written.grants.flatMap((grant, index) => grantFaults(grant, `grants.${index}`, written, deps)),
];

const sameNames = ({ grants }: WrittenConfig): readonly Fault[] =>
  grants.flatMap(({ name }, index) =>
    grants.findIndex((grant) => grant.name === name) < index
      ? [`grants.${index}.name: is ${name}, which an earlier grant has too: the audit trail could not tell them apart`]
      : [],
  );

/** Of two callers that are proven by the same, nobody could say which one asks. */
const sameRules = ({ callers }: WrittenConfig): readonly Fault[] => {
  const seen = new Map<string, string>();
  return Object.entries(callers).flatMap(([name, { jwt, certificate, authorizer }]) =>
    Object.entries({
      jwt: jwt && [jwt.preset ?? '', jwt.issuer ?? '', [...jwt.audience].sort(), Object.entries(jwt.claims).sort()],
      certificate: certificate && Object.entries(certificate).sort(),
      authorizer: authorizer && Object.entries(authorizer).sort(),
    }).flatMap(([kind, rule]): Fault[] => {
      if (rule === undefined) return [];
      const key = `${kind} ${JSON.stringify(rule)}`;
      const first = seen.get(key);
      seen.set(key, first ?? name);
      return first === undefined
        ? []
        : [`callers.${name}.${kind}: is the rule of the caller ${first} too, so it proves neither of them`];
    }),
  );
};

const accountFaults = (
  name: string,
  account: WrittenConfig['accounts'][string],
  { upstreams }: PossibleDeps,
): readonly Fault[] => {
  const cloud = upstreams.find(({ id }) => id === account.cloud);
  if (cloud === undefined || account.cloud === 'authority') return [];
  const at = `accounts.${name}`;
  const faults: Fault[] = [];
  for (const member of ['namespace', 'projectId'] as const) {
    if (account[member] !== undefined && !(cloud.accountMembers ?? []).includes(member)) {
      faults.push(`${at}.${member}: is not a member of accounts of ${cloud.title}`);
    }
  }
  if (account.signature !== undefined && !cloud.signatures.includes(account.signature)) {
    const known = cloud.signatures.length === 0 ? 'it knows one way only' : `it knows ${cloud.signatures.join(', ')}`;
    faults.push(`${at}.signature: is not one of ${cloud.title}: ${known}`);
  }
  if (account.webIdentity !== undefined && cloud.provider.operations.AssumeRoleWithWebIdentity === undefined) {
    faults.push(`${at}.webIdentity: ${cloud.title} takes no identity tokens`);
  }
  return faults;
};

const grantFaults = (
  grant: WrittenGrant,
  at: string,
  written: WrittenConfig,
  { upstreams, rolePrefixes }: PossibleDeps,
): readonly Fault[] => {
  const faults: Fault[] = [];
  const minted = grant.operations.filter(isMintOperation);
  const assumes = minted.filter((operation) => operation.startsWith('AssumeRole'));
  if (assumes.length > 0 && grant.roles.length === 0) {
    faults.push(`${at}.roles: is empty, so ${assumes.join(' and ')} can never be allowed`);
  }
  const onLeases = grant.operations.filter((operation) => leaseOperations.has(operation));
  if (onLeases.length > 0 && grant.leases.length === 0) {
    faults.push(`${at}.leases: is empty, so ${onLeases.join(' and ')} can never be allowed`);
  }
  const account = written.accounts[grant.account];
  const cloud = upstreams.find(({ id }) => id === account?.cloud);
  // The authority answers in the form of every cloud.
  if (account === undefined || account.cloud === 'authority' || cloud === undefined) return faults;
  for (const [index, role] of grant.roles.entries()) {
    const other = otherCloudOf(role, cloud, upstreams, rolePrefixes);
    if (other !== undefined) {
      faults.push(`${at}.roles.${index}: has the form of ${other.title}, and the account is at ${cloud.title}`);
    }
  }
  return [
    ...faults,
    ...operationFaults(grant, minted, at, account, cloud),
    ...policyFaults(grant, at, cloud, upstreams),
  ];
};

/** The cloud whose role this looks like, if it is not the account's. */
const otherCloudOf = (
  role: string,
  cloud: Upstream,
  upstreams: readonly Upstream[],
  prefixes: PossibleDeps['rolePrefixes'],
): Upstream | undefined => {
  const isOf = ({ id }: Upstream): boolean => (prefixes.get(id) ?? []).some((prefix) => role.startsWith(prefix));
  return prefixes.has(cloud.id) && !isOf(cloud) ? upstreams.find(isOf) : undefined;
};

const operationFaults = (
  grant: WrittenGrant,
  minted: readonly MintOperation[],
  at: string,
  account: Exclude<WrittenConfig['accounts'][string], { cloud: 'authority' }>,
  cloud: Upstream,
): readonly Fault[] => {
  const called = minted.map((operation) => calledOperation(account, operation));
  const possible = called.filter((operation) => cloud.calledFor(account, operation) !== undefined);
  if (minted.length === 0) return [];
  if (possible.length === 0) {
    const isHad = called.some((operation) => cloud.provider.operations[operation] !== undefined);
    const why = `${cloud.title} has no ${minted.join(' and no ')}`;
    return [`${at}.operations: ${isHad ? `${why} for this account, by its key or its profile` : why}`];
  }
  const faults: Fault[] = [];
  const seconds = possible.flatMap((operation) => cloud.calledFor(account, operation)?.seconds ?? []);
  const least = Math.min(...seconds.map(({ min }) => min));
  const most = Math.max(...seconds.map(({ max }) => max));
  const { maxDurationSeconds: asked } = grant;
  if (asked !== undefined && seconds.length > 0 && (asked < least || asked > most)) {
    faults.push(`${at}.maxDurationSeconds: is ${asked}, and ${cloud.title} gives from ${least} to ${most} seconds`);
  }
  const { accepts } = (account.profile === undefined ? cloud : cloud.profiles?.[account.profile]) ?? cloud;
  const wanted: Readonly<Record<string, Narrowing | undefined>> = {
    policy: grant.policy && 'policy',
    tags: grant.tags && 'tags',
    sourceIdentity: grant.sourceIdentity === undefined ? undefined : 'sourceIdentity',
    externalId: grant.externalId === undefined ? undefined : 'externalId',
  };
  for (const [member, narrowing] of Object.entries(wanted)) {
    if (narrowing !== undefined && !possible.some((operation) => accepts[operation]?.includes(narrowing))) {
      faults.push(`${at}.${member}: ${cloud.title} does not take it with ${possible.join(' or ')}`);
    }
  }
  return faults;
};

/** The parts of a document that a template fills are not there yet, so resources with templates are not judged. */
const policyFaults = (
  { policy }: WrittenGrant,
  at: string,
  cloud: Upstream,
  upstreams: readonly Upstream[],
): readonly Fault[] => {
  if (policy === undefined) return [];
  const text = JSON.stringify(policy);
  const reading = cloud.grammar.read(text);
  if (!('fault' in reading) || (reading.fault === 'resource' && text.includes('${'))) return [];
  const other = upstreams.find(({ grammar }) => !('fault' in grammar.read(text)));
  const hint = other === undefined ? '' : `: it is one of ${other.title} (${other.grammar.name})`;
  return [`${at}.policy: is not a policy of ${cloud.title} (${cloud.grammar.name})${hint}: ${reading.why}`];
};
