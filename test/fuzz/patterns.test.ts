import fc from 'fast-check';
import { describe, it } from 'vitest';
import { compilePattern } from '../../lib/grants/pattern.ts';
import { matchesPattern } from '../../lib/policies/permits.ts';
import { bounds, unhurried } from './bounds.ts';

const units = ['a', 'b', '/', ':', '.', '*', '**', '?', '\n', '[', '\\', '$', '日'];
const texts = fc.array(fc.constantFrom(...units), { maxLength: 12 }).map((list) => list.join(''));
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
const expression = (pieces: readonly string[]): RegExp => new RegExp(`^${pieces.join('')}$`, 's');

/** A pattern of the configuration as a regular expression, which is free to backtrack. */
const ofGrants = (pattern: string): RegExp =>
  expression(
    (pattern.match(/\*+|[^*]/g) ?? []).map((one) =>
      one.startsWith('*') ? (one.length > 1 ? '.*' : '[^/:]*') : literal(one),
    ),
  );
/** The same of a policy. */
const ofPolicies = (pattern: string): RegExp =>
  expression(pattern.split('').map((one) => (one === '*' ? '.*' : one === '?' ? '.' : literal(one))));

describe('matching', () => {
  it('of the configuration means what a regular expression of the same meaning does', unhurried, () => {
    fc.assert(
      fc.property(texts, texts, (pattern, text) => compilePattern(pattern)(text) === ofGrants(pattern).test(text)),
      bounds,
    );
  });

  it('of policies means what a regular expression of the same meaning does', unhurried, () => {
    fc.assert(
      fc.property(texts, texts, (pattern, text) => matchesPattern(pattern, text) === ofPolicies(pattern).test(text)),
      bounds,
    );
  });
});
