import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { ask, rulesFor } from '../support/rules.ts';

// Two harmless values, or a harmless value beside the template's own text, make together what neither could bring.

const filled = (resource: string, claims: Record<string, unknown>, allow: Record<string, string> = {}): string => {
  const names = [...resource.matchAll(/\$\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const grant = {
    references: Object.fromEntries(names.map((name) => [name, { allow: allow[name] ?? '' }])),
    policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: [resource] }] },
  };
  try {
    const { policy = '' } = authorize(rulesFor(grant), ask({ claims })) as { policy?: string };
    return JSON.parse(policy).Statement[0].Resource[0];
  } catch (thrown) {
    return StsError.from(thrown).detail.reason ?? StsError.from(thrown).code;
  }
};

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
describe('a template is judged once it is filled', () => {
  const home = 'arn:aws:s3:::data/';

  it.each([
    ['a variable of the cloud, of two values', '${claims.a}${claims.b}', { a: '$', b: '{aws:username}' }],
    ['a variable of the cloud, behind a dollar', 'x$${claims.a}', { a: '{aws:username}' }],
    ['a variable of the cloud, of one value', '${claims.a}', { a: '${aws:username}' }],
    ['two dots, of two values', '${claims.a}${claims.b}/x', { a: '.', b: '.' }],
    ['two dots, behind one', '.${claims.a}/x', { a: '.' }],
    ['two dots, before one', '${claims.a}./x', { a: '.' }],
    ['two dots, behind two', '..${claims.a}/x', { a: '.' }],
    ['a segment of one dot', '${claims.a}/x', { a: '.' }],
    ['a segment of one dot at the end', 'x/${claims.a}', { a: '.' }],
    ['an escape in a value', '${claims.a}/x', { a: '%2e%2e%2faccess' }],
    ['an escape that the template begins', '%${claims.a}/x', { a: '2f' }],
    ['an escape that the template has half of', '%2${claims.a}/x', { a: 'f' }],
    ['an escape whose own sign is escaped', '%25${claims.a}/x', { a: '2a' }],
    ['an escape that is escaped twice', 'x%2525${claims.a}', { a: '2f' }],
    ['the cut between two values at another place', 'u/${claims.a}-${claims.b}/x', { a: 'a-b', b: 'c' }],
    ['no cut between two values', '${claims.a}${claims.b}', { a: 'a', b: 'b' }],
    ['a blank that a cloud may cut off', '${claims.a}/x', { a: 'alice ' }],
    ['a blank of another kind', 'x/${claims.a}', { a: '\u00a0alice' }],
    ['what is another value once it is normalized', '${claims.a}/x', { a: 'e\u0301va' }],
    ['dots that are two once they are normalized', '${claims.a}/x', { a: '\u2025' }],
    ['a wildcard once it is normalized', '${claims.a}/x', { a: '\uff0a' }],
    ['an escape once it is normalized', '${claims.a}/x', { a: '\uff052e' }],
    ['characters that nobody sees', '${claims.a}/x', { a: 'ali\u200bce' }],
    ['letters that have no form', '${claims.a}/x', { a: 'ali\u115fce' }],
    ['a choice of form that changes nothing', '${claims.a}/x', { a: 'alice\ufe0f' }],
    ['a text that is written backwards', '${claims.a}/x', { a: '\u202eecila' }],
    ['half of a character', '${claims.a}/x', { a: 'a\ud800' }],
    ['a line end', '${claims.a}/x', { a: 'alice\n' }],
    ['a NUL', '${claims.a}/x', { a: 'alice\u0000' }],
    ['one text of a list of several', '${claims.a}/x', { a: ['alice', { name: 'bob' }] }],
    ['one text of a list whose number was rounded', '${claims.a}/x', { a: ['alice', 2 ** 53] }],
    ['a list in a list', '${claims.a}/x', { a: [['alice']] }],
  ])('and refused for %s', (_, resource, claims) => {
    expect(filled(home + resource, claims, { 'claims.a': ':', 'claims.b': ':' })).toBe('TemplateRefused');
  });

  it.each([
    ['dots that do not meet', '${claims.a}/x', { a: 'v1.2' }, 'v1.2/x'],
    ['the template’s own two dots', 'a..b/${claims.a}', { a: 'c' }, 'a..b/c'],
    ['a dollar before no brace', '$${claims.a}', { a: 'x' }, '$x'],
    ['two values that are told apart', 'u/${claims.a}/${claims.b}/x', { a: 'a-b', b: 'c' }, 'u/a-b/c/x'],
    ['a name with a blank and accents', '${claims.a}/x', { a: 'Éva Å' }, 'Éva Å/x'],
    ['an escape that ends before it', '%252a/${claims.a}/x', { a: '2a' }, '%252a/2a/x'],
    ['a list of one', '${claims.a}/x', { a: ['alice'] }, 'alice/x'],
    ['two values that do not hold what stands between', '${claims.a}-${claims.b}', { a: 'a', b: 'b' }, 'a-b'],
  ])('and allowed for %s', (_, resource, claims, expected) => {
    expect(filled(home + resource, claims)).toBe(home + expected);
  });

  it('and brings a percent sign only if its reference says so', () => {
    expect(filled(`${home}\${claims.a}/x`, { a: '50%' })).toBe('TemplateRefused');
    expect(filled(`${home}\${claims.a}/x`, { a: '50%' }, { 'claims.a': '%' })).toBe(`${home}50%/x`);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates
