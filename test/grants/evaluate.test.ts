import { describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/core/caller.ts';
import { claimRule } from '../../lib/grants/claims.ts';
import { closest, evaluate, type Question } from '../../lib/grants/evaluate.ts';
import type { Grant } from '../../lib/grants/grant.ts';
import { compilePattern } from '../../lib/grants/pattern.ts';
import { addressList } from '../../lib/transport/addresses.ts';
import { grantWith } from '../support/grants/grant-with.ts';

const request = { operation: 'AssumeRole', role: 'role/a', sessionName: 'me' } as const;
const questionOf = (changes: object = {}, caller: Partial<Caller> = {}): Question =>
  ({
    caller: { name: 'ci', proof: 'jwt', ...caller },
    request,
    dialect: 'json',
    now: new Date('2026-11-22T12:00:00Z'),
    ...changes,
  }) as Question;
const sourceIps = { list: addressList(['10.0.0.0/8', '2001:db8::/32']), written: ['10.0.0.0/8', '2001:db8::/32'] };
const token = { audiences: [compilePattern('https://*.example'), compilePattern('urn:x')], actors: new Set<string>() };
const claims = [claimRule('group', ['a', 'b']), claimRule('repo', ['acme/*'])];

/** What is not met, in the order in which it is looked at, with what the trace says of it. */
const unmet: readonly (readonly [string, Partial<Grant>, Question, object])[] = [
  [
    'dialects',
    { dialects: new Set(['aws', 'ecs']) },
    questionOf(),
    { reason: 'DialectNotGranted', expected: 'aws or ecs', saw: 'another text, of 4 characters' },
  ],
  [
    'account',
    {},
    questionOf({ request: { ...request, account: 'dev' } }),
    { reason: 'AccountNotGranted', expected: 'prod', saw: 'another text, of 3 characters' },
  ],
  [
    'operations',
    { operations: new Set(['GetSessionToken', 'GetFederationToken']) },
    questionOf(),
    {
      reason: 'OperationNotGranted',
      expected: 'GetSessionToken or GetFederationToken',
      saw: 'another text, of 10 characters',
    },
  ],
  [
    'roles',
    {},
    questionOf({ request: { ...request, role: 'role/c' } }),
    { reason: 'RoleNotGranted', expected: 'role/a or role/b', saw: 'another text, of 6 characters' },
  ],
  [
    'leases',
    { operations: new Set(['ReadLease']), leases: [compilePattern('a')] },
    questionOf({ request: { operation: 'ReadLease', lease: 'bc' } }),
    { reason: 'LeaseNotGranted', expected: 'a', saw: 'another text, of 2 characters' },
  ],
  [
    'leases',
    { operations: new Set(['ReadLease']), leases: [compilePattern('a')] },
    questionOf({ request: { operation: 'ReadLease', lease: 'a' } }),
    { reason: 'LeaseNotGranted', expected: 'a', saw: 'another text, of 1 characters' },
  ],
  [
    'audiences',
    { operations: new Set(['IssueToken']), token },
    questionOf({ request: { operation: 'IssueToken', audiences: ['https://a.example', 'https://b.test'] } }),
    {
      reason: 'AudienceNotGranted',
      expected: 'https://*.example or urn:x',
      saw: 'another text, of 14 characters',
    },
  ],
  [
    'audiences',
    { operations: new Set(['IssueToken']) },
    questionOf({ request: { operation: 'IssueToken', audiences: ['https://a.example'] } }),
    { reason: 'AudienceNotGranted', expected: '', saw: 'another text, of 17 characters' },
  ],
  [
    'ownTokens',
    {},
    questionOf({}, { byOwnIssuer: true }),
    { reason: 'OwnTokenNotGranted', expected: 'another issuer', saw: 'our own' },
  ],
  [
    'claims',
    { claims },
    questionOf({}, { claims: { group: 'a', repo: 'evil/x' } }),
    { reason: 'ClaimMismatch', expected: 'repo: acme/*', saw: 'another text, of 6 characters' },
  ],
  [
    'claims',
    { claims },
    questionOf({}, { claims: { repo: 'acme/x' } }),
    { reason: 'ClaimMismatch', expected: 'group: a or b', saw: 'absent' },
  ],
  ['claims', { claims }, questionOf(), { reason: 'ClaimMismatch', expected: 'group: a or b', saw: 'absent' }],
  [
    'sourceIps',
    { sourceIps },
    questionOf({ sourceIp: '192.0.2.1' }),
    { reason: 'SourceIpNotGranted', expected: '10.0.0.0/8 or 2001:db8::/32', saw: 'another address' },
  ],
  [
    'sourceIps',
    { sourceIps },
    questionOf({ sourceIp: '2001:db9::1' }),
    { reason: 'SourceIpNotGranted', expected: '10.0.0.0/8 or 2001:db8::/32', saw: 'another address' },
  ],
  [
    'sourceIps',
    { sourceIps },
    questionOf(),
    { reason: 'SourceIpNotGranted', expected: '10.0.0.0/8 or 2001:db8::/32', saw: 'absent' },
  ],
  [
    'times',
    { times: { until: new Date('2026-11-22T12:00:00Z') } },
    questionOf(),
    { reason: 'OutsideTimes', expected: 'a time of the grant', saw: 'another time' },
  ],
  [
    'acr',
    { acr: ['high', 'higher'] },
    questionOf({}, { claims: { acr: 'low' } }),
    { reason: 'AcrTooLow', expected: 'high or higher', saw: 'another text, of 3 characters' },
  ],
  [
    'acr',
    { acr: ['high'] },
    questionOf({}, { claims: { acr: ['high'] } }),
    { reason: 'AcrTooLow', expected: 'high', saw: 'a list of 1' },
  ],
  ['acr', { acr: ['high'] }, questionOf(), { reason: 'AcrTooLow', expected: 'high', saw: 'absent' }],
  [
    'amr',
    { amr: ['otp', 'pwd'] },
    questionOf({}, { claims: { amr: ['otp', 'x'] } }),
    { reason: 'AmrMissing', expected: 'otp and pwd', saw: '2 others' },
  ],
  ['amr', { amr: ['otp'] }, questionOf(), { reason: 'AmrMissing', expected: 'otp', saw: 'absent' }],
];

const scope = ['dialects', 'account', 'operations', 'roles', 'leases', 'audiences', 'ownTokens'];

describe('a grant that does not fit', () => {
  it.each(unmet)(
    'says which clause, what it expects and what it saw, and nothing of the value: %s',
    (clause, changes, question, said) => {
      const grant = grantWith(changes);
      expect(evaluate(grant, question)).toEqual({
        grant,
        unmet: { grant: 'deploy', clause, ...said },
        inScope: !scope.includes(clause),
      });
    },
  );

  it('is the closer, the later the clause', () => {
    const later = { sourceIps, times: { from: new Date('2030-01-01T00:00:00Z') }, acr: ['high'] };
    const grants = [
      grantWith({ name: 'another account', account: 'dev' }),
      grantWith({ name: 'at another time', times: later.times, acr: later.acr }),
      grantWith({ name: 'another role', roles: [] }),
      grantWith({ name: 'that allows it' }),
      grantWith({ name: 'from elsewhere, at another time', ...later }),
      grantWith({ name: 'with acr', acr: later.acr }),
      grantWith({ name: 'also at another time', times: later.times }),
    ];
    const question = questionOf({ sourceIp: '192.0.2.1', request: { ...request, account: 'prod' } });
    const order = [
      'with acr',
      'at another time',
      'also at another time',
      'from elsewhere, at another time',
      'another role',
      'another account',
    ];
    for (const most of [1, 3, 6, 9]) {
      expect(closest(grants, question, most).map(({ grant }) => grant)).toEqual(order.slice(0, most));
    }
  });

  it('lists ten of what it expects, and how many there are besides', () => {
    const many = Array.from({ length: 12 }, (_, index) => compilePattern(`role/${index}`));
    const ten = many.slice(0, 10).map(({ written }) => written);
    expect(evaluate(grantWith({ roles: many }), questionOf()).unmet?.expected).toBe([...ten, '2 more'].join(' or '));
    expect(evaluate(grantWith({ roles: many.slice(0, 10) }), questionOf()).unmet?.expected).toBe(ten.join(' or '));
  });
});

describe('a grant that names no roles and no leases', () => {
  it('allows none, and says so', () => {
    const none = { roles: [], operations: new Set(['AssumeRole', 'ReadLease'] as const) };
    const bare = grantWith(none);
    const asked = questionOf({ request: { operation: 'ReadLease', lease: 'any' } });
    expect(evaluate(bare, questionOf()).unmet).toMatchObject({ clause: 'roles', expected: '' });
    expect(evaluate(bare, asked).unmet).toMatchObject({ clause: 'leases', expected: '' });
  });
});

describe('a grant that fits', () => {
  it.each<[string, Partial<Grant>, Question]>([
    ['without conditions', {}, questionOf()],
    ['with the dialect', { dialects: new Set(['aws', 'json']) }, questionOf()],
    ['with the account named', {}, questionOf({ request: { ...request, account: 'prod' } })],
    [
      'without a role asked for',
      { operations: new Set(['GetSessionToken']), roles: [] },
      questionOf({ request: { operation: 'GetSessionToken' } }),
    ],
    [
      'with a lease',
      { operations: new Set(['ReadLease']), leases: [compilePattern('b'), compilePattern('a')] },
      questionOf({ request: { operation: 'ReadLease', lease: 'a', account: 'prod' } }),
    ],
    [
      'with every lease',
      { operations: new Set(['ListLeases']), leases: [] },
      questionOf({ request: { operation: 'ListLeases' } }),
    ],
    [
      'with audiences',
      { operations: new Set(['IssueToken']), token },
      questionOf({ request: { operation: 'IssueToken', audiences: ['urn:x', 'https://a.example'] } }),
    ],
    ['for our own tokens', { ownTokens: true }, questionOf({}, { byOwnIssuer: true })],
    ['with claims', { claims }, questionOf({}, { claims: { group: ['x', 'b'], repo: 'acme/x' } })],
    ['from an address', { sourceIps }, questionOf({ sourceIp: '10.1.2.3' })],
    ['from an address of version 6', { sourceIps }, questionOf({ sourceIp: '2001:db8::1' })],
    ['from an address of version 4 written as 6', { sourceIps }, questionOf({ sourceIp: '::ffff:10.1.2.3' })],
    ['in its time', { times: { from: new Date('2026-11-22T12:00:00Z') } }, questionOf()],
    ['with acr', { acr: ['high', 'higher'] }, questionOf({}, { claims: { acr: 'higher' } })],
    ['with amr, in any order', { amr: ['otp', 'pwd'] }, questionOf({}, { claims: { amr: ['pwd', 'x', 'otp'] } })],
    ['with a single amr', { amr: ['otp'] }, questionOf({}, { claims: { amr: 'otp' } })],
  ])('has nothing unmet: %s', (_name, changes, question) => {
    expect(evaluate(grantWith(changes), question).unmet).toBeUndefined();
  });
});
