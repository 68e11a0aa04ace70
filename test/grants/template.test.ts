import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../lib/config/load.ts';
import { StsError } from '../../lib/core/errors.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { readIam } from '../../lib/policies/iam.ts';
import { matchesPattern } from '../../lib/policies/permits.ts';
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
