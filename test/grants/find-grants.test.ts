import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/core/caller.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { Operation, TokenRequest } from '../../lib/core/requests.ts';
import { grantFor, type Rules } from '../../lib/grants/authorize.ts';
import { authorizeLease } from '../../lib/grants/authorize-reading.ts';
import { claimRule } from '../../lib/grants/claims.ts';
import type { Question } from '../../lib/grants/evaluate.ts';
import { findGrants } from '../../lib/grants/find-grants.ts';
import type { Grant } from '../../lib/grants/grant.ts';
import { compilePattern } from '../../lib/grants/pattern.ts';
import { grantWith } from '../support/grants/grant-with.ts';
import { type Walked, walked } from '../support/grants/walked.ts';

const texts = ['a', 'aa', 'ab', 'ba', 'a/a', 'a/b', 'b/a', 'a:a', ''];
const patterns = [...texts, '*', '**', 'a*', '*a', 'a**', '**a', 'a*a', 'a/*', '*/a', 'a/*/a', '*b*'];
const operations: readonly Operation[] = ['AssumeRole', 'GetFederationToken', 'ReadLease', 'ListLeases', 'IssueToken'];
const accounts = ['one', 'two'];
const callers = ['ci', 'app'];
const seldom = fc.constantFrom(false, false, false, false, false, false, false, true);
const claimNames = ['repo', 'ref', '/deep/name'];
const now = new Date('2026-11-22T12:00:00Z');

const anyPatterns = fc.array(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 });
const someOf = <Item>(...items: Item[]) => fc.uniqueArray(fc.constantFrom(...items), { minLength: 1 });

const anyGrant = fc
  .record({
    callers: someOf(...callers),
    account: fc.constantFrom(...accounts),
    operations: someOf(...operations),
    roles: fc.oneof(fc.constant<string[]>([]), anyPatterns),
    claims: fc.dictionary(fc.constantFrom(...claimNames), anyPatterns),
    mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'audit' as const),
    isForOwnTokens: fc.boolean(),
    isForAws: seldom,
    isOver: seldom,
  })
  .map(({ callers, operations, roles, claims, isForOwnTokens, isForAws, isOver, ...rest }): Grant => {
    const compiled = roles.map(compilePattern);
    return {
      ...rest,
      name: '',
      callers: new Set(callers),
      operations: new Set(operations),
      roles: compiled,
      leases: compiled,
      token: { audiences: compiled, actors: new Set() },
      claims: Object.entries(claims).map(([name, written]) => claimRule(name, written)),
      references: new Map(),
      accepts: new Set(),
      shareable: false,
      ...(isForOwnTokens ? { ownTokens: true } : {}),
      ...(isForAws ? { dialects: new Set(['aws']) } : {}),
      ...(isOver ? { times: { until: now } } : {}),
    };
  });

const anyGrants = fc
  .array(anyGrant, { maxLength: 80, size: 'max' })
  .map((grants) => grants.map((grant, index) => ({ ...grant, name: `grant-${index}` })));

const anyText = fc.constantFrom(...texts);
const anyClaim = fc.oneof(anyText, fc.array(fc.oneof(anyText, fc.integer()), { maxLength: 3 }), fc.boolean());

const anyRequest = fc
  .record({
    operation: fc.constantFrom(...operations),
    text: anyText,
    account: fc.option(fc.constantFrom(...accounts)),
  })
  .map(({ operation, text, account }): TokenRequest => {
    const named = account === null ? {} : { account };
    switch (operation) {
      case 'ReadLease':
        return { operation, lease: text, ...named };
      case 'ListLeases':
        return { operation, ...(text === '' ? {} : { lease: text }), ...named };
      case 'IssueToken':
        return { operation, audiences: [text, 'a', 'ab'].slice(0, text.length), ...named } as TokenRequest;
      case 'GetFederationToken':
        return { operation, name: 'me', ...named };
      default:
        return { operation: 'AssumeRole', role: text, sessionName: 'me', ...named };
    }
  });

const anyQuestion = fc
  .record({
    name: fc.constantFrom(...callers, 'nobody'),
    request: anyRequest,
    claims: fc.record({ repo: anyClaim, ref: anyClaim, deep: fc.record({ name: anyClaim }) }, { requiredKeys: [] }),
    isByOwnIssuer: seldom,
    dialect: fc.constantFrom('json', 'aws'),
  })
  .map(({ name, request, claims, isByOwnIssuer, dialect }): Question => {
    const caller: Caller = {
      name,
      proof: 'jwt',
      claims,
      ...(isByOwnIssuer ? { byOwnIssuer: true } : {}),
    };
    return { caller, request, dialect, now };
  });

const rulesOf = (grants: readonly Grant[]): Rules => ({
  grants: findGrants(grants),
  accounts: new Map(),
  range: () => undefined,
  sessionMay: () => true,
  checkPolicy: () => undefined,
});

/** The same, of what authorization found. */
const found = (grants: readonly Grant[], question: Question): Walked | { readonly refused: string } => {
  const { request } = question;
  try {
    const { grant, auditOnlyViolations } =
      request.operation === 'ReadLease'
        ? authorizeLease(rulesOf(grants), { ...question, request })
        : grantFor(rulesOf(grants), question);
    return { allowedBy: [[grant.name, auditOnlyViolations?.trace ?? []]] };
  } catch (thrown) {
    const { code, detail } = StsError.from(thrown);
    return code === 'AccessDenied' ? { deniedBy: detail.trace ?? [] } : { refused: code };
  }
};

/** Of the grants that allow a request the first is taken, if they are of one account. */
const decided = (grants: readonly Grant[], question: Question): ReturnType<typeof found> => {
  const meaning = walked(grants, question);
  if ('deniedBy' in meaning) return meaning;
  const accountOf = new Map(grants.map(({ name, account }) => [name, account]));
  const isAmbiguous = new Set(meaning.allowedBy.map(([name]) => accountOf.get(name))).size > 1;
  const isLease = question.request.operation === 'ReadLease';
  return isAmbiguous && !isLease ? { refused: 'InvalidParameter' } : { allowedBy: meaning.allowedBy.slice(0, 1) };
};

describe('grants that are found', () => {
  it('decide as if each had been tried: by the same grant, or denied with the same trace', () => {
    fc.assert(
      fc.property(anyGrants, fc.array(anyQuestion, { minLength: 5, maxLength: 20 }), (grants, questions) => {
        for (const question of questions) expect(found(grants, question)).toEqual(decided(grants, question));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a grant among ten thousand of one caller', () => {
  const manyGrants = (
    changes: (index: number) => { readonly role?: string; readonly claims?: Record<string, string> },
  ) =>
    Array.from({ length: 10_000 }, (_, index): Grant => {
      const { role = 'role/deploy', claims = {} } = changes(index);
      return {
        name: `grant-${index}`,
        callers: new Set(['ci']),
        account: 'one',
        operations: new Set(['AssumeRole']),
        roles: [compilePattern(role)],
        claims: Object.entries(claims).map(([name, written]) => claimRule(name, [written])),
        references: new Map(),
        accepts: new Set(),
        mode: 'enforce',
        shareable: false,
      };
    });

  it.each<[string, readonly Grant[], string, Record<string, string>]>([
    [
      'repository',
      manyGrants((index) => ({ claims: { ref: 'main', repository: `acme/service-${index}` } })),
      'role/deploy',
      { ref: 'main', repository: 'acme/service-7000' },
    ],
    [
      'subject, of which it wants the beginning',
      manyGrants((index) => ({ claims: { sub: `repo:acme/service-${index}:*` } })),
      'role/deploy',
      { sub: 'repo:acme/service-7000:main' },
    ],
    [
      'subject, of which it wants the end',
      manyGrants((index) => ({ claims: { sub: `*:service-${index}` } })),
      'role/deploy',
      { sub: 'main:service-7000' },
    ],
    ['role', manyGrants((index) => ({ role: `role/${index}` })), 'role/7000', {}],
    [
      'role and repository together',
      manyGrants((index) => ({ role: `role/${index % 100}`, claims: { repository: `r${Math.floor(index / 100)}` } })),
      'role/0',
      { repository: 'r70' },
    ],
  ])('is found by its %s, with few others', (_name, grants, role, claims) => {
    const index = findGrants(grants);
    for (const account of [{}, { account: 'one' }]) {
      const candidates = index.candidates({
        caller: { name: 'ci', proof: 'jwt', claims },
        request: { operation: 'AssumeRole', role, sessionName: 'me', ...account },
        dialect: 'json',
        now,
      });
      expect(candidates.map(({ name }) => name)).toContain('grant-7000');
      expect(candidates.length).toBeLessThanOrEqual(8);
    }
  });
});

describe('a grant among many for other operations and of other names', () => {
  const operations: readonly Operation[] = [
    'AssumeRole',
    'AssumeRoleWithWebIdentity',
    'ReadLease',
    'ListLeases',
    'IssueToken',
    'GetFederationToken',
    'GetSessionToken',
  ];
  /** Twenty grants of each operation, every second in audit mode, each of a name of its own. */
  const many = operations.flatMap((operation) =>
    Array.from({ length: 20 }, (_, index): Grant => {
      const patternOf = (kind: string) => [compilePattern(`${kind}-${index}`)];
      return grantWith({
        name: `${operation}-${index}`,
        operations: new Set([operation]),
        roles: patternOf('role'),
        leases: patternOf('lease'),
        token: { audiences: patternOf('audience'), actors: new Set() },
        mode: index % 2 === 0 ? 'audit' : 'enforce',
      });
    }),
  );
  const all = (operation: Operation) => many.filter((grant) => grant.operations.has(operation));
  const index = findGrants(many);
  const found = (request: object, among: 'candidates' | 'inAuditMode' = 'candidates') => {
    const question = { caller: { name: 'ci', proof: 'jwt' }, request, dialect: 'json', now } as unknown as Question;
    return index[among](question).map(({ name }) => name);
  };

  it.each<[Operation, object]>([
    ['AssumeRole', { role: 'role-8' }],
    ['AssumeRoleWithWebIdentity', { role: 'role-8' }],
    ['ReadLease', { lease: 'lease-8' }],
    ['ListLeases', { lease: 'lease-8' }],
    ['IssueToken', { audiences: ['audience-8', 'audience-9'] }],
  ])('is found alone by %s and the name asked for', (operation, asked) => {
    expect(found({ operation, ...asked })).toEqual([`${operation}-8`]);
    expect(found({ operation, ...asked }, 'inAuditMode')).toEqual([`${operation}-8`]);
    expect(found({ operation, ...asked, account: 'prod' })).toEqual([`${operation}-8`]);
    expect(found({ operation, ...asked, account: 'other' })).toEqual([]);
  });

  it('of no mode that is asked for is not found', () => {
    expect(found({ operation: 'AssumeRole', role: 'role-9' }, 'inAuditMode')).toEqual([]);
  });

  it.each<[Operation, object]>([
    ['ListLeases', {}],
    ['IssueToken', { audiences: [] }],
    ['GetFederationToken', { name: 'name-8' }],
    ['GetSessionToken', {}],
  ])('is found with all of its operation by %s that names nothing', (operation, asked) => {
    expect(found({ operation, ...asked })).toEqual(all(operation).map(({ name }) => name));
    expect(found({ operation, ...asked }, 'inAuditMode')).toEqual(
      all(operation).flatMap(({ name, mode }) => (mode === 'audit' ? [name] : [])),
    );
  });

  it('without terms of tokens or names of leases is found by no name', () => {
    const bare = Array.from({ length: 20 }, (_, at) =>
      grantWith({ name: `bare-${at}`, operations: new Set(['IssueToken', 'ReadLease']) }),
    );
    const question = (request: object) =>
      ({ caller: { name: 'ci', proof: 'jwt' }, request, dialect: 'json', now }) as unknown as Question;
    const { candidates } = findGrants(bare);
    expect(candidates(question({ operation: 'IssueToken', audiences: ['audience-8'] }))).toEqual([]);
    expect(candidates(question({ operation: 'ReadLease', lease: 'lease-8' }))).toEqual([]);
  });

  it('is of no other caller', () => {
    expect(index.of('ci')).toEqual(many);
    expect(index.of('other')).toEqual([]);
    expect(findGrants([]).of('ci')).toEqual([]);
  });

  it('is found again, and by a claim, in the order of the configuration', () => {
    const claimed = Array.from({ length: 40 }, (_, place) =>
      grantWith({
        name: `grant-${place}`,
        roles: [compilePattern('**')],
        claims: [claimRule('repo', [`r${place % 2}*`])],
      }),
    );
    const { candidates } = findGrants(claimed);
    const even = claimed.flatMap(({ name }, place) => (place % 2 === 0 ? [name] : []));
    const question = {
      caller: { name: 'ci', proof: 'jwt', claims: { repo: ['r0-x', 'other'] } },
      request: { operation: 'AssumeRole', role: 'any' },
      dialect: 'json',
      now,
    } as unknown as Question;
    for (const _ of ['first', 'again']) expect(candidates(question).map(({ name }) => name)).toEqual(even);
  });
});
