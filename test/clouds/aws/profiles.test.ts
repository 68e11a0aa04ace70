import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { awsUpstream } from '../../../lib/clouds/aws/cloud.ts';
import { type Profile, profileOf, profiles } from '../../../lib/clouds/aws/profiles.ts';
import type { Account } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { MintOperation } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const names = Object.keys(profiles);
const table: readonly (readonly [string, Profile])[] = Object.entries(profiles);
const operations = ['AssumeRole', 'AssumeRoleWithWebIdentity', 'GetFederationToken', 'GetSessionToken'] as const;
const narrowings = {
  policy: '{"Version":"2012-10-17","Statement":[]}',
  policyArns: ['arn:aws:iam::123456789012:policy/a'],
  tags: [{ key: 'team', value: 'red' }],
  transitiveTagKeys: ['team'],
  externalId: 'external',
  sourceIdentity: 'jane',
  serialNumber: 'arn:aws:iam::123456789012:mfa/u',
  tokenCode: new Secret('123456'),
} as const;
const narrowingNames = Object.keys(narrowings) as (keyof typeof narrowings)[];

const accountOf = (profile: string, changes: Partial<Account> = {}): Account => ({
  name: 'store',
  cloud: 'aws',
  profile,
  endpoint: new URL('https://store.example:9000'),
  ...changes,
});
const least = {
  role: 'arn:aws:iam::123456789012:role/demo',
  sessionName: 'job',
  name: 'job',
  webIdentityToken: new Secret('a.b.c'),
  durationSeconds: 900,
};
const encode = (account: Account, operation: MintOperation, said: object = {}): HttpRequest => {
  const exchange = awsUpstream.providerOf(account).operations[operation] as
    | { encode(request: object, account: Account): HttpRequest }
    | undefined;
  if (exchange === undefined) throw new Error(`The profile has no ${operation}.`);
  return exchange.encode({ ...least, operation, ...said }, account);
};
/** What makes a request sendable at all, besides what is tested. */
const needed = (profile: string, operation: MintOperation) =>
  profileOf(profile)?.ignoresRole && operation === 'AssumeRole' ? { policy: narrowings.policy } : {};

describe.each(table)('the profile %s', (name, profile) => {
  it('has the operations of its row, for an account with a key and for one without', () => {
    const { operations: had } = awsUpstream.providerOf(accountOf(name));
    expect(Object.keys(had).sort()).toEqual(Object.keys(profile.accepts).sort());
    for (const operation of operations) {
      const isHad = Object.hasOwn(profile.accepts, operation);
      expect(awsUpstream.calledFor({ profile: name, key: {} }, operation) !== undefined).toBe(isHad);
    }
    expect(awsUpstream.providerOf(accountOf(name))).toBe(awsUpstream.providerOf(accountOf(name)));
    const keyless = awsUpstream.calledFor({ profile: name, webIdentity: {} }, 'AssumeRole');
    expect(keyless !== undefined).toBe(Object.hasOwn(profile.accepts, 'AssumeRoleWithWebIdentity'));
  });

  it('sends what its row accepts, and is refused with anything else', () => {
    for (const operation of Object.keys(profile.accepts) as MintOperation[]) {
      for (const narrowing of narrowingNames) {
        const ask = () =>
          encode(accountOf(name), operation, { ...needed(name, operation), [narrowing]: narrowings[narrowing] });
        if (profile.accepts[operation]?.includes(narrowing as never)) expect(ask().body).toMatch(/policy|Tag|jane/i);
        else expect(expectRefusal(ask).code).toBe('InvalidParameter');
      }
    }
  });

  it('has GetCallerIdentity if its row says so', () => {
    expect(awsUpstream.providerOf(accountOf(name)).identity !== undefined).toBe(profile.hasIdentity);
  });

  it('is called at its path, unless the endpoint has one', () => {
    const [operation = 'AssumeRole'] = Object.keys(profile.accepts) as MintOperation[];
    const pathAt = (endpoint: string) =>
      encode(accountOf(name, { endpoint: new URL(endpoint) }), operation, needed(name, operation)).path;
    expect(pathAt('https://store.example')).toBe(profile.path);
    expect(pathAt('https://store.example/behind')).toBe('/behind');
  });
});

describe('a store that ignores roles', () => {
  const ignoring = table.filter(([, { ignoresRole }]) => ignoresRole).map(([name]) => name);

  it.each(ignoring.filter((name) => profileOf(name)?.accepts.AssumeRole))(
    'is not asked for a role without a policy, which alone would narrow: %s',
    (name) => {
      expect(expectRefusal(() => encode(accountOf(name), 'AssumeRole')).code).toBe('MissingParameter');
    },
  );

  it.each(ignoring)('is asked by AssumeRole for a session of the account itself: %s', (name) => {
    const { body } = encode(accountOf(name), 'GetSessionToken');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::000000000000:role/ignored',
      RoleSessionName: 'session',
      DurationSeconds: '900',
    });
  });
});

describe('Backblaze B2', () => {
  it('is told tags as it spells them', () => {
    const form = new URLSearchParams(encode(accountOf('b2'), 'AssumeRole', { tags: narrowings.tags }).body);
    expect([...form.keys()].filter((key) => key.includes('ag'))).toEqual(['Tag.1.Key', 'Tag.1.Value']);
  });
});

describe('an account with a profile that the cloud does not have', () => {
  it.each(['aws', 'constructor', '__proto__', ''])('is not called: %s', (profile) => {
    expect(expectRefusal(() => awsUpstream.providerOf(accountOf(profile))).code).toBe('Misconfigured');
    expect(awsUpstream.calledFor({ profile }, 'AssumeRole')).toBeUndefined();
  });
});

describe('the page on clouds', () => {
  const code = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ');
  const rowOf = ([name, { title, path, accepts, hasIdentity, ignoresRole, evidence }]: readonly [string, Profile]) => {
    const had = Object.entries(accepts).map(
      ([operation, told]) => `${operation}${told.length === 0 ? '' : ` (${code(told)})`}`,
    );
    const role = ignoresRole ? 'ignored' : Object.hasOwn(accepts, 'AssumeRole') ? 'assumed' : 'by identity token';
    const all = [...had, ...(hasIdentity ? ['GetCallerIdentity'] : [])].join(', ');
    return `| ${title}, \`${name}\` | \`${path}\` | ${all} | ${role} | ${evidence} |`;
  };

  it('has a row for each profile', () => {
    const page = readFileSync(new URL('../../../docs/clouds.md', import.meta.url), 'utf8');
    expect(page).toContain(`${table.map(rowOf).join('\n')}\n`);
    expect(names.length).toBeGreaterThan(0);
  });
});
