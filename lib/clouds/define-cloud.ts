import type { CalledAccount } from '../core/called-account.ts';
import type { Account, Cloud, Provider, Upstream, Variables } from '../core/cloud.ts';
import type { CloudFacts, VariableNames } from '../core/cloud-facts.ts';
import type { Credentials } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import type { CloudRequest, MintOperation } from '../core/requests.ts';
import { policyCheck } from '../policies/check.ts';
import { refuseBadTexts } from './refuse-bad-texts.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';

/**
 * A cloud as minting needs it, made from what it is and how it is called. Its operations refuse what `accepts` does not
 * list, and texts that the cloud would refuse, before anything is encoded.
 *
 * @example
 * export const acmeUpstream = defineUpstream({ ...facts, id: 'acme', grammar: grammars.iam, provider });
 */
export const defineUpstream = ({ provider, profileProvider, ...facts }: UpstreamParts): Upstream => {
  const whole = guardedProvider(provider, facts);
  const ofProfiles = new Map<string, Provider>();
  const ofProfile = (profile: string): Provider | undefined => {
    const known = ofProfiles.get(profile);
    const { [profile]: found } = facts.profiles ?? {};
    const narrower = known === undefined && found !== undefined ? profileProvider?.(profile) : undefined;
    if (found === undefined || narrower === undefined) return known;
    const made = guardedProvider(narrower, { ...facts, accepts: found.accepts });
    ofProfiles.set(profile, made);
    return made;
  };
  const called = (profile: string | undefined): Provider | undefined =>
    profile === undefined ? whole : ofProfile(profile);
  return {
    ...facts,
    provider: whole,
    providerOf: ({ name, profile }) => {
      const found = called(profile);
      if (found !== undefined) return found;
      // Never called as the whole cloud: what the product ignores would widen what is minted.
      throw new StsError('Misconfigured', `The system of the account ${name} has no such profile.`);
    },
    calledFor: (account, operation) => {
      if (needsLongTermKey.has(operation) && !hasLongTermKey(account)) return undefined;
      return called(account.profile)?.operations[operation === 'AssumeRole' ? assumingOf(account) : operation];
    },
    checkPolicy: policyCheck(facts.grammar, facts.maxPolicyCharacters),
    variables: (credentials, account) => variablesOf(facts.variableNames, credentials, account),
  };
};

/** What clouds give for a long-term key alone, and not to a role. */
const needsLongTermKey: ReadonlySet<MintOperation> = new Set(['GetFederationToken', 'GetSessionToken']);

const hasLongTermKey = ({ key, role }: CalledAccount): boolean =>
  typeof key === 'object' && key.token === undefined && role === undefined;

/** An account without a key, and without a role that it assumed first, assumes roles by its identity token. */
const assumingOf = ({ webIdentity, role }: CalledAccount): MintOperation =>
  webIdentity !== undefined && role === undefined ? 'AssumeRoleWithWebIdentity' : 'AssumeRole';

/** What a cloud is, and how it is called. */
type UpstreamParts = CloudFacts &
  Pick<Upstream, 'probes'> & {
    readonly provider: Provider;
    /** How the product of a profile is called. */
    readonly profileProvider?: (profile: string) => Provider | undefined;
  };

/**
 * A cloud both ways. This is a function because a bundler leaves out a call that is marked as pure if nothing uses its
 * result, and with it the dialect; it keeps a spread.
 */
export const defineCloud = (upstream: Upstream, answers: Omit<Cloud, keyof Upstream>): Cloud => ({
  ...upstream,
  ...answers,
});

const guardedProvider = (provider: Provider, facts: CloudFacts): Provider => ({
  ...provider,
  ...guardedIssue(provider, facts),
  operations: guarded(provider.operations, facts),
});

const guarded = (operations: Provider['operations'], { accepts, textRules = {} }: CloudFacts): Provider['operations'] =>
  Object.fromEntries(
    Object.entries(operations).map(([operation, exchange]) => [
      operation,
      {
        ...exchange,
        encode: (request: CloudRequest, ...rest: [Account]) => {
          refuseUnsupported(request, accepts[operation as MintOperation] ?? []);
          refuseBadTexts(request, textRules);
          return exchange.encode(request as never, ...rest);
        },
      },
    ]),
  );

const guardedIssue = ({ issue }: Provider, { accepts, textRules = {} }: CloudFacts): Pick<Provider, 'issue'> =>
  issue === undefined
    ? {}
    : {
        issue: (request, ...rest) => {
          refuseUnsupported(request, accepts[request.operation] ?? []);
          refuseBadTexts(request, textRules);
          return issue(request, ...rest);
        },
      };

const variablesOf = (names: VariableNames, credentials: Credentials, account: Account): Variables => {
  const token = credentials.sessionToken.reveal();
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    ...[names.accessKeyId].flat().map((name) => [name, credentials.accessKeyId] as const),
    ...[names.secretAccessKey].flat().map((name) => [name, credentials.secretAccessKey.reveal()] as const),
    ...names.sessionToken.map((name) => [name, token] as const),
    [names.expiration, credentials.expiration.toISOString()],
    [names.projectId, account.projectId],
    [names.region, account.region],
  ];
  return pairs.filter((pair): pair is readonly [string, string] => pair[0] !== undefined && pair[1] !== undefined);
};
