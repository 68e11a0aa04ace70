import { describe, expect, it } from 'vitest';
import type { Caller, Session } from '../../lib/core/caller.ts';
import type { TokenRequest } from '../../lib/core/requests.ts';
import type { Rules } from '../../lib/grants/authorize.ts';
import {
  authorizeIdentity,
  authorizeLease,
  authorizeLeaseListing,
  authorizeObserver,
} from '../../lib/grants/authorize-reading.ts';
import type { Question } from '../../lib/grants/evaluate.ts';
import { findGrants } from '../../lib/grants/find-grants.ts';
import type { Grant } from '../../lib/grants/grant.ts';
import { compilePattern } from '../../lib/grants/pattern.ts';
import { expectRefusal, refusalCode } from '../support/expect-refusal.ts';
import { grantWith } from '../support/grants/grant-with.ts';

const ci: Caller = { name: 'ci', proof: 'accessKey' };
const holder: Caller = {
  ...ci,
  session: { kind: 'role', caller: 'ci', role: 'demo', name: 'me' } as Session,
};

const rulesOf = (grants: readonly Partial<Grant>[], sessionMay: Rules['sessionMay'] = () => true): Rules => ({
  grants: findGrants(grants.map(grantWith)),
  accounts: new Map(
    ['aws', 'authority'].map((cloud) => [cloud, { name: cloud, cloud, endpoint: new URL('https://x.example') }]),
  ),
  range: () => undefined,
  sessionMay,
  checkPolicy: () => undefined,
});

const ask = <Asked extends TokenRequest>(request: Asked, caller: Caller = ci): Question<Asked> => ({
  caller,
  request,
  dialect: 'json',
  now: new Date('2026-11-22T12:00:00Z'),
});

const reading: Partial<Grant> = {
  account: 'aws',
  operations: new Set(['ReadLease', 'ListLeases']),
  leases: [compilePattern('ci-*')],
};
const lease = (name: string) => ({ operation: 'ReadLease', lease: name, account: 'aws' }) as const;

describe('a lease', () => {
  it('is read by the first grant that allows it', () => {
    const rules = rulesOf([{ ...reading, name: 'first' }, reading]);
    expect(authorizeLease(rules, ask(lease('ci-a'))).grant.name).toBe('first');
  });

  it('is refused for a reason that is recorded and never told', () => {
    const { code, message, detail } = expectRefusal(() => authorizeLease(rulesOf([reading]), ask(lease('other'))));
    const unmet = { clause: 'leases', reason: 'LeaseNotGranted', expected: 'ci-*' };
    expect([code, message, detail]).toEqual([
      'AccessDenied',
      'No grant of this caller is for this lease.',
      {
        reason: 'LeaseNotGranted',
        trace: [{ grant: 'deploy', ...unmet, saw: 'another text, of 5 characters' }],
        untold: true,
      },
    ]);
  });

  it('is refused to a session as one that is not there is', () => {
    const { code, message, detail } = expectRefusal(() =>
      authorizeLease(
        rulesOf([reading], () => false),
        ask(lease('ci-a'), holder),
      ),
    );
    expect([code, message, detail]).toEqual([
      'AccessDenied',
      'The policy of this session does not allow to ask for this.',
      { reason: 'LeaseNotGranted', untold: true },
    ]);
  });
});

describe('a list of leases', () => {
  const sees = (caller: Caller, sessionMay: Rules['sessionMay'], name: string, account = 'aws') =>
    authorizeLeaseListing(rulesOf([reading], sessionMay), ask({ operation: 'ListLeases' }, caller)).sees(name, account);

  it('has those that a grant names, of its account', () => {
    expect(sees(ci, () => true, 'ci-a')).toBe(true);
    expect(sees(ci, () => true, 'other')).toBe(false);
    expect(sees(ci, () => true, 'ci-a', 'authority')).toBe(false);
  });

  it('has to a session those that its policy allows, each by its name', () => {
    const asked: unknown[] = [];
    const onlyA: Rules['sessionMay'] = (_session, act) => {
      asked.push(act);
      return 'lease' in act && act.lease === 'ci-a';
    };
    expect([sees(holder, onlyA, 'ci-a'), sees(holder, onlyA, 'ci-b')]).toEqual([true, false]);
    const actions = ['credmint:ListLeases', 'credmint:lease:list'];
    expect(asked).toEqual([
      { actions, lease: 'ci-a' },
      { actions, lease: 'ci-b' },
    ]);
  });

  it('is by the grant that allows it', () => {
    const listing = authorizeLeaseListing(rulesOf([reading]), ask({ operation: 'ListLeases' }));
    expect(listing.grant.name).toBe('deploy');
  });
});

describe('the identity of an account', () => {
  const identity = (cloud: string) =>
    authorizeIdentity(
      rulesOf([{ account: cloud, operations: new Set(['GetCallerIdentity']) }], () => false),
      ask({ operation: 'GetCallerIdentity' }, holder),
    );

  it('is told to a session only if its policy allows it, but for the authority’s', () => {
    expect(refusalCode(() => identity('aws'))).toBe('AccessDenied');
    expect(identity('authority').account.name).toBe('authority');
  });
});

describe('what this server does', () => {
  const observe = (caller: Caller) =>
    authorizeObserver(
      rulesOf([{ account: 'console', operations: new Set(['Observe']) }]),
      ask({ operation: 'Observe', account: 'console' }, caller),
    );

  it('is looked at by a caller with a grant, and by no session', () => {
    expect(observe(ci).grant.account).toBe('console');
    expect(expectRefusal(() => observe(holder)).message).toBe(
      'This operation takes a long-term key, not temporary credentials.',
    );
    expect(refusalCode(() => observe({ ...ci, name: 'app' }))).toBe('AccessDenied');
  });
});
