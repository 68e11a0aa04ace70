import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../lib/core/policy.ts';
import { matchesPattern, permits, permitsSubject } from '../../lib/policies/permits.ts';
import { countedText } from '../support/counted-text.ts';

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
/** The same matching by a regular expression, which is free to take for ever. */
const byExpression = (pattern: string, text: string): boolean =>
  new RegExp(`^${[...pattern].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : escaped(c))).join('')}$`, 's').test(
    text,
  );

describe('a pattern', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abb', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['s3:Get*', 's3:GetObject', true],
    ['s3:Get*', 's3:PutObject', false],
    ['arn:aws:s3:::b/*/x?.txt', 'arn:aws:s3:::b/p/q/x1.txt', true],
    ['a.c', 'abc', false],
    ['a', 'ab', false],
    ['**a**', 'bab', true],
  ])('%j, held against %j, is %j', (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });

  it('matches what a regular expression of the same meaning matches', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        expect(matchesPattern(pattern, text)).toBe(byExpression(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads no more characters than the product of the two lengths, whatever the pattern', () => {
    const pattern = `${'*a'.repeat(500)}b`;
    const { text, reads } = countedText('a'.repeat(2000));
    expect(matchesPattern(pattern, text)).toBe(false);
    expect(reads()).toBeLessThanOrEqual(pattern.length * text.length);
  });
});

const allow = (part: Partial<Statement> = {}): Statement => ({
  effect: 'allow',
  actions: ['*'],
  exceptActions: false,
  resources: ['*'],
  exceptResources: false,
  conditional: false,
  ...part,
});
const deny = (part: Partial<Statement> = {}): Statement => ({ ...allow(part), effect: 'deny' });
const may = (...policies: Statement[][]) => permits(policies, 'sts:AssumeRole', 'arn:aws:iam::1:role/demo');

describe('policies together', () => {
  it('permit what each of them allows', () => {
    expect(may([allow()])).toBe(true);
    expect(may([allow()], [allow({ actions: ['sts:*'] })])).toBe(true);
    expect(may([allow()], [allow({ actions: ['s3:*'] })])).toBe(false);
    expect(may([allow()], [])).toBe(false);
  });

  it('do not permit what one of them denies, in whatever order', () => {
    expect(may([allow(), deny({ actions: ['sts:assumerole'] })])).toBe(false);
    expect(may([deny({ resources: ['*:role/demo'] }), allow()])).toBe(false);
    expect(may([allow(), deny({ resources: ['*:role/other'] })])).toBe(true);
  });

  it('compare actions without case, and resources with', () => {
    expect(may([allow({ actions: ['STS:assumeROLE'] })])).toBe(true);
    expect(may([allow({ resources: ['arn:aws:iam::1:role/DEMO'] })])).toBe(false);
  });

  it('take “all but” at its word', () => {
    expect(may([allow({ actions: ['iam:*'], exceptActions: true })])).toBe(true);
    expect(may([allow({ actions: ['sts:*'], exceptActions: true })])).toBe(false);
    expect(may([allow(), deny({ resources: ['*:role/other'], exceptResources: true })])).toBe(false);
  });

  it('take a conditional statement at its worst', () => {
    expect(may([allow({ conditional: true })])).toBe(false);
    expect(may([allow(), deny({ conditional: true })])).toBe(false);
  });

  it('never permit more for being joined by another', () => {
    const parts = fc.constantFrom('*', 'sts:*', 's3:*', 'sts:AssumeRole');
    const statements = fc.array(
      fc.record({
        effect: fc.constantFrom('allow' as const, 'deny' as const),
        actions: fc.array(parts, { minLength: 1, maxLength: 2 }),
        exceptActions: fc.boolean(),
        resources: fc.constant(['*']),
        exceptResources: fc.boolean(),
        conditional: fc.boolean(),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.array(statements, { maxLength: 3 }), statements, (policies, another) => {
        if (may(...policies, another)) expect(may(...policies)).toBe(true);
      }),
    );
  });

  it('permit everything where there are none, so that none must never mean forgotten', () => {
    expect(may()).toBe(true);
  });

  it('of nothing in particular are denied by any denial, and allowed only by what is about everything', () => {
    const mayAtAll = (...statements: Statement[]) => permits([statements], 'sts:GetCallerIdentity');
    expect(mayAtAll(allow())).toBe(true);
    expect(mayAtAll(allow({ resources: ['x', '*'] }))).toBe(true);
    expect(mayAtAll(allow({ resources: ['arn:*'] }))).toBe(false);
    expect(mayAtAll(allow({ resources: ['x'], exceptResources: true }))).toBe(false);
    expect(mayAtAll(allow({ exceptResources: true }))).toBe(false);
    expect(mayAtAll(allow(), deny({ resources: ['x'] }))).toBe(false);
    expect(mayAtAll(allow(), deny({ resources: ['x'], exceptResources: true }))).toBe(false);
    expect(mayAtAll(allow(), deny({ actions: ['s3:*'] }))).toBe(true);
  });

  it('are about what any of their patterns matches', () => {
    expect(may([allow({ resources: ['x', '*:role/demo'] })])).toBe(true);
    expect(may([allow({ actions: ['s3:*', 'sts:*'] })])).toBe(true);
    expect(may([allow({ resources: ['x', '*:role/demo'], exceptResources: true })])).toBe(false);
    expect(may([allow(), deny({ resources: ['x', '*:role/demo'] })])).toBe(false);
  });
});

describe('a subject that a pattern may mean', () => {
  const on = (statement: Statement) =>
    permitsSubject([[allow(), statement]], {
      actions: ['a:one', 'b:other'],
      names: ['name'],
      mayMean: (pattern) => pattern === 'alias',
    });
  const only = (statement: Statement) =>
    permitsSubject([[statement]], { actions: ['a:one'], names: ['name'], mayMean: (pattern) => pattern === 'alias' });

  it('is denied by what denies that, and is not given by what gives that', () => {
    expect(on(deny({ resources: ['alias'] }))).toBe(false);
    expect(on(deny({ resources: ['other', 'alias'] }))).toBe(false);
    expect(on(deny({ resources: ['other'] }))).toBe(true);
    expect(only(allow({ resources: ['alias'] }))).toBe(false);
    expect(only(allow({ resources: ['name'] }))).toBe(true);
  });

  it('is not given by what gives all but that, and is denied by what denies all but that', () => {
    expect(only(allow({ resources: ['alias'], exceptResources: true }))).toBe(false);
    expect(only(allow({ resources: ['other'], exceptResources: true }))).toBe(true);
    expect(on(deny({ resources: ['alias'], exceptResources: true }))).toBe(false);
  });

  it('is denied by any name of its action', () => {
    expect(on(deny({ actions: ['b:*'] }))).toBe(false);
    expect(on(deny({ actions: ['c:*'] }))).toBe(true);
  });
});
