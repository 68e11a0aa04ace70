import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../lib/config/config-error.ts';
import { readConfig } from '../../lib/config/load.ts';
import type { Caller, Session } from '../../lib/core/caller.ts';
import { StsError } from '../../lib/core/errors.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { compileTemplate, type Filling, fill, fillName, fillTag } from '../../lib/grants/template.ts';
import { readIam } from '../../lib/policies/iam.ts';
import { matchesPattern } from '../../lib/policies/permits.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { ask, rulesFor, written } from '../support/rules.ts';

const policy = (resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: [resource] }],
});

const template = {
  references: { 'claims.sub': {} },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of the templates
  policy: policy('arn:aws:s3:::data/users/${claims.sub}/*'),
};

const minted = (grant: object, claims: Record<string, unknown>, request: object = {}) =>
  authorize(rulesFor(grant), ask({ claims }, request as never)) as { policy?: string };

const reasonOf = (act: () => unknown) => {
  try {
    act();
  } catch (thrown) {
    return StsError.from(thrown).detail.reason ?? StsError.from(thrown).code;
  }
  return 'allowed';
};

describe('a policy template', () => {
  it('is filled from the claims it may refer to', () => {
    expect(JSON.parse(minted(template, { sub: 'alice' }).policy ?? '')).toEqual(
      policy('arn:aws:s3:::data/users/alice/*'),
    );
  });

  it.each([
    ['a wildcard', 'a*'],
    ['a single wildcard', 'a?'],
    ['a slash', 'a/b'],
    ['a colon', 'a:b'],
    ['a backslash', 'a\\b'],
    ['two dots', '../access'],
    ['a variable of the cloud', '$\u007baws:username}'],
    ['a control character', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['nothing', ''],
    ['too much', 'a'.repeat(257)],
    ['half a character', 'a\ud800'],
    ['a list of two', ['a', 'b']],
    ['an object', { a: 1 }],
    ['an absent value', undefined],
  ])('is not filled with %s', (_, sub) => {
    expect(reasonOf(() => minted(template, { sub }))).toBe('TemplateRefused');
  });

  it('takes more characters if the reference says so, and never those that no reference may bring', () => {
    const wider = { ...template, references: { 'claims.sub': { allow: '/:' } } };
    expect(minted(wider, { sub: 'eu:a/b' }).policy).toContain('users/eu:a/b/*');
    for (const sub of ['a*', '../access', '$\u007bx}', 'a\u0000'])
      expect(reasonOf(() => minted(wider, { sub }))).toBe('TemplateRefused');
  });

  it('keeps every value inside its string', () => {
    const wider = { ...template, references: { 'claims.sub': { allow: ':' } } };
    const { policy: text = '' } = minted(wider, { sub: '"]},{"Effect":"Allow' });
    expect(JSON.parse(text).Statement).toHaveLength(1);
  });

  it('allows, for hostile claims, nothing that it does not allow for a harmless one in the same place', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('*', '?', '/', '../access/grants', ':', '"', '$', '{', '}', '\\', 'a', '\u0000'),
      }),
    );
    fc.assert(
      fc.property(hostile, fc.webPath(), (sub, path) => {
        let text: string;
        try {
          text = minted(template, { sub }).policy ?? '';
        } catch {
          return;
        }
        const reading = readIam(text);
        if ('fault' in reading) return;
        // Whatever it allows lies below a folder of the caller's own, exactly one segment deep.
        const others = [
          'arn:aws:s3:::data/users/mallory/x',
          'arn:aws:s3:::data/x',
          'arn:aws:s3:::other/users/a/x',
          `arn:aws:s3:::data${path}`,
        ];
        for (const statement of reading.statements) {
          for (const resource of statement.resources) {
            for (const other of others) {
              const below = other.startsWith(`arn:aws:s3:::data/users/${sub}/`);
              expect(matchesPattern(resource, other) && !below).toBe(false);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is refused together with a policy of the caller, since a cloud takes one document', () => {
    const both = { ...template, accepts: ['policy'] };
    expect(reasonOf(() => minted(both, { sub: 'a' }, { policy: '{}' }))).toBe('TwoPolicies');
  });

  it.each([
    ['policy', { policy: '{}' }, 'PolicyNotAccepted'],
    ['policyArns', { policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }, 'PolicyNotAccepted'],
    ['tags', { tags: [{ key: 'a', value: 'b' }] }, 'TagsNotAccepted'],
    ['sourceIdentity', { sourceIdentity: 'me' }, 'SourceIdentityNotAccepted'],
    ['externalId', { externalId: 'mine' }, 'ExternalIdNotAccepted'],
  ])('leaves no %s to a caller unless the grant says so', (_, request, reason) => {
    expect(reasonOf(() => minted({}, {}, request))).toBe(reason);
  });

  it('gives the broker’s external id, session name, tags and source identity from claims', () => {
    const grant = {
      references: { 'claims.sub': { allow: ':/' }, caller: {} },
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
      sessionName: '${caller}-${claims.sub}',
      sourceIdentity: '${claims.sub}',
      tags: { team: '${claims.sub}' },
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates
      externalId: 'env:SECRET',
    };
    expect(minted(grant, { sub: 'repo:acme/x' })).toMatchObject({
      sessionName: expect.stringMatching(/^ci-repo-acme-x-[0-9a-f]{20}$/),
      sourceIdentity: expect.stringMatching(/^repo-acme-x-[0-9a-f]{20}$/),
      tags: [{ key: 'team', value: 'repo:acme/x' }],
      externalId: 'a secret of the test',
    });
  });

  it('is checked when the configuration is read: a reference that is not listed is a fault with its path', () => {
    const read = (grant: object) => readConfig(written(grant), { folder: '.', environment: { SECRET: 'x' } });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of the templates
    expect(() => read({ policy: policy('${claims.email}') })).toThrow(ConfigError);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of the templates
    expect(() => read({ policy: policy('${claims.email}') })).toThrow(/grants\.0\.policy.*claims\.email/);
  });

  it('must be a policy of the cloud’s grammar once it is filled', () => {
    const grant = { ...template, policy: { ...template.policy, Statement: [] } };
    expect(reasonOf(() => minted(grant, { sub: 'a' }))).toBe('MalformedPolicy');
  });

  it('must not be larger than the cloud takes', () => {
    const grant = { ...template, policy: policy(`arn:aws:s3:::${'x'.repeat(2048)}`) };
    expect(reasonOf(() => minted(grant, { sub: 'a' }))).toBe('PolicyTooLarge');
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
describe('a text that is filled', () => {
  const caller: Caller = { name: 'ci', proof: 'jwt' };
  const filledBy = (text: string, filling: Filling, allow: Readonly<Record<string, string>>, fillIn = fill): string => {
    const names = [...text.matchAll(/\$\{([^{}]*)\}/g)].map(([, name = '']) => name);
    const references = new Map(names.map((name) => [name, allow[name] ?? '']));
    const template = compileTemplate(text, references);
    if ('unlisted' in template) throw new Error(template.unlisted);
    return fillIn(template, references, filling);
  };
  const filled = (text: string, claims: Record<string, unknown>, allow: Readonly<Record<string, string>> = {}) =>
    filledBy(text, { caller: { ...caller, claims } }, allow);

  it.each<[string, object, string]>([
    ['plain', {}, 'plain'],
    ['${claims.a}', { a: 'x' }, 'x'],
    ['a ${claims.a} b', { a: 7 }, 'a 7 b'],
    ['${claims.a}', { a: [true] }, 'true'],
    ['${claims./a/b}', { a: { b: 'deep' } }, 'deep'],
    ['${claims.a}', { a: 'x'.repeat(256) }, 'x'.repeat(256)],
    ['${claims.a}', { a: 'Éva Å ~ $ {x}' }, 'Éva Å ~ $ {x}'],
    ['..${claims.a}', { a: 'x' }, '..x'],
    ['${claims.a}..', { a: 'x' }, 'x..'],
    ['a..b${claims.a}', { a: 'x.y.z' }, 'a..bx.y.z'],
    ['x${claims.a}/b', { a: '.' }, 'x./b'],
    ['a/${claims.a}x', { a: '.' }, 'a/.x'],
    ['a-${claims.a}-b', { a: '.' }, 'a-.-b'],
    ['%41${claims.a}', { a: 'x' }, '%41x'],
    ['${claims.a}%41', { a: 'x' }, 'x%41'],
    ['$${claims.a}', { a: 'x' }, '$x'],
    ['${claims.a}/${claims.b}', { a: 'a-b', b: 'c' }, 'a-b/c'],
    ['${claims.a}-/${claims.b}', { a: 'a-b', b: 'c' }, 'a-b-/c'],
    ['${claims.a}-${claims.b}_${claims.c}', { a: 'a', b: 'b', c: 'c' }, 'a-b_c'],
  ])('is %j with %j: %j', (text, claims, expected) => {
    expect(filled(text, claims as Record<string, unknown>)).toBe(expected);
  });

  const refusal = (act: () => unknown) => {
    const { code, message, detail } = expectRefusal(act);
    return [code, message, detail];
  };
  const refusedAt = (name: string) => [
    'AccessDenied',
    `A template of the grant cannot be filled with ${name}.`,
    { reason: 'TemplateRefused', parameter: name },
  ];

  it.each<[string, object, string]>([
    ['${claims.a}', { a: '..' }, 'claims.a'],
    ['${claims.a}', { a: '.' }, 'claims.a'],
    ['${claims.a}.x', { a: '.' }, 'claims.a'],
    ['x.${claims.a}', { a: '.' }, 'claims.a'],
    ['a/${claims.a}', { a: '.' }, 'claims.a'],
    ['${claims.a}/b', { a: '.' }, 'claims.a'],
    ['a:${claims.a}:b', { a: '.' }, 'claims.a'],
    ['${claims.a}/${claims.b}..', { a: 'a', b: 'b.' }, 'claims.b'],
    ['%${claims.a}', { a: '41' }, 'claims.a'],
    ['%4${claims.a}', { a: '1' }, 'claims.a'],
    ['%${claims.a}/${claims.b}', { a: 'x', b: 'y' }, 'claims.a'],
    ['$${claims.a}', { a: '{x}' }, 'claims.a'],
    ['${claims.a}{x}', { a: '$' }, 'claims.a'],
    ['${${claims.a}', { a: 'x' }, 'claims.a'],
    ['${claims.a}/${claims.b}', { a: '${x}', b: 'y' }, 'claims.a'],
    ['${claims.a}/${claims.b}', { a: 'y', b: '${x}' }, 'claims.b'],
    ['a${ ${claims.a}', { a: 'x' }, '${'],
    ['a${', {}, '${'],
    ['${claims.a}', { a: ' x' }, 'claims.a'],
    ['${claims.a}', { a: 'x ' }, 'claims.a'],
    ['${claims.a}', { a: 'e\u0301' }, 'claims.a'],
    ['${claims.a}', { a: 'a\u200bb' }, 'claims.a'],
    ['${claims.a}', { a: '\ud800' }, 'claims.a'],
    ['${claims.a}', { a: '' }, 'claims.a'],
    ['${claims.a}', { a: 'x'.repeat(257) }, 'claims.a'],
    ['${claims.a}', { a: [] }, 'claims.a'],
    ['${claims.a}', { a: ['x', 'y'] }, 'claims.a'],
    ['${claims.a}', {}, 'claims.a'],
    ['${claims.a}${claims.b}', { a: 'x', b: 'y' }, 'claims.b'],
    ['${claims.a}-${claims.b}', { a: 'x-', b: 'y' }, 'claims.b'],
    ['${claims.a}-${claims.b}', { a: 'x', b: '-y' }, 'claims.b'],
    ['${claims.a}/${claims.b}-${claims.c}', { a: 'x', b: 'y', c: 'a-z' }, 'claims.c'],
    ['${claims.a}-${claims.b}/${claims.c}', { a: 'x', b: 'y', c: 'a-z' }, 'claims.b'],
    ['${sessionName}', {}, 'sessionName'],
    ['${other}', {}, 'other'],
    ['${a}', { a: 'x' }, 'a'],
    ['${others.a}', { a: 'x' }, 'others.a'],
  ])('is refused of %j with %j, with the name of the reference and no value', (text, claims, name) => {
    expect(refusal(() => filled(text, claims as Record<string, unknown>))).toEqual(refusedAt(name));
  });

  it.each(['\u0000', '\u001f', '\u007f', '\u0085', '\u009f', '\u2028', '\u2029', ...'*?/:\\%'])(
    'has no %j that a value brings',
    (character) => {
      expect(refusal(() => filled('a-${claims.a}-b', { a: `x${character}y` }))).toEqual(refusedAt('claims.a'));
    },
  );

  it.each([...'*?/:\\%'])('has a %j that a value brings if its reference says so, and no other', (character) => {
    const value = `x${character}y`;
    expect(filled('a-${claims.a}-b', { a: value }, { 'claims.a': character })).toBe(`a-${value}-b`);
    const others = [...'*?/:\\%'].filter((one) => one !== character).join('');
    expect(refusal(() => filled('a-${claims.a}-b', { a: value }, { 'claims.a': others }))).toEqual(
      refusedAt('claims.a'),
    );
  });

  it('leaves what a reference may bring to the grant, also between two values', () => {
    const allow = { 'claims.a': '/', 'claims.b': '/' };
    expect(filled('${claims.a}/${claims.b}', { a: 'x/y', b: 'z' }, allow)).toBe('x/y/z');
    expect(filled('%${claims.a}', { a: '41' }, { 'claims.a': '%' })).toBe('%41');
    expect(refusal(() => filled('%${claims.a}', { a: '..' }, { 'claims.a': '%' }))).toEqual(refusedAt('claims.a'));
  });

  it('has the name of the caller behind a session, and of the session if it was asked for', () => {
    const session = { caller: 'behind' } as Session;
    expect(filledBy('${caller}', { caller }, {})).toBe('ci');
    expect(filledBy('${caller}', { caller: { ...caller, session } }, {})).toBe('behind');
    expect(filledBy('${sessionName}', { caller, sessionName: 'me' }, {})).toBe('me');
    expect(refusal(() => filledBy('${claims.a}', { caller }, {}))).toEqual(refusedAt('claims.a'));
  });

  it('is compiled only if each reference is listed', () => {
    expect(compileTemplate('a${x}b${y}c', new Map([['x', '']]))).toEqual({ unlisted: 'y' });
    expect(compileTemplate('${}', new Map())).toEqual({ unlisted: '' });
    expect(compileTemplate('a${x}b', new Map([['x', '']]))).toEqual({ parts: ['a', 'x', 'b'] });
  });

  describe('as a tag', () => {
    const tag = (text: string, claims: object, allow = {}) =>
      filledBy(text, { caller: { ...caller, claims: { ...claims } } }, allow, fillTag);

    it('has what clouds take in a value', () => {
      expect(tag('!${claims.a}!', { a: 'Éva 1_.=+@-' })).toBe('!Éva 1_.=+@-!');
    });

    it.each(['!a', 'a!', '!', 'a!b', 'a"'])('is refused if a value is %j', (a) => {
      expect(refusal(() => tag('x ${claims.a} y', { a }))).toEqual(refusedAt('claims.a'));
      expect(refusal(() => tag('${claims.b}/${claims.a}', { a, b: 'x' }))).toEqual(refusedAt('claims.a'));
    });

    it('is refused for what any text is', () => {
      expect(refusal(() => tag('${claims.a}', { a: '..' }))).toEqual(refusedAt('claims.a'));
    });
  });

  describe('as a name', () => {
    const name = (text: string, claims: object, maxLength = 64) => {
      const template = compileTemplate(text, new Map(['a', 'b'].map((one) => [`claims.${one}`, ''])));
      if ('unlisted' in template) throw new Error(template.unlisted);
      return fillName(template, maxLength, { caller: { ...caller, claims: { ...claims } } });
    };

    it('is as it stands if clouds take it', () => {
      expect(name('a-${claims.a}', { a: 'x.y' })).toBe('a-x.y');
      expect(name('${claims.a}', { a: 'x'.repeat(32) }, 32)).toBe('x'.repeat(32));
      expect(name('${claims.a}.${claims.b}', { a: 'x-y', b: 'z' })).toBe('x-y.z');
    });

    it('has a digest of its values if it had to be changed, or could be of others', () => {
      const digest = '-[0-9a-f]{20}$';
      expect(name('${claims.a}', { a: '*?/:\\%' })).toMatch(new RegExp(`^------${digest}`));
      expect(name('${claims.a}', { a: 'x'.repeat(33) }, 32)).toMatch(new RegExp(`^x{11}${digest}`));
      expect(name('${claims.a}.${claims.b}', { a: 'x.y', b: 'z' })).toMatch(new RegExp(`^x\\.y\\.z${digest}`));
      const [one, other] = [
        name('${claims.a}.${claims.b}', { a: 'x.y', b: 'z' }),
        name('${claims.a}.${claims.b}', { a: 'x', b: 'y.z' }),
      ];
      expect(one).not.toBe(other);
    });

    it('is refused without a value', () => {
      expect(refusal(() => name('${claims.a}', { a: '' }))).toEqual(refusedAt('claims.a'));
    });
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates
