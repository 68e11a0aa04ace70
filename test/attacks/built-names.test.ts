import { describe, expect, it } from 'vitest';
import type { StsError } from '../../lib/core/errors.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { ask, rulesFor } from '../support/rules.ts';

// Two callers are built one name: a cloud's records and policies then take one for the other.

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
const references = { 'claims.sub': { allow: '*?/:\\%' }, 'claims.org': {} };
const grant = { references, sourceIdentity: '${claims.sub}', sessionName: 'job-${claims.sub}' };
const pair = { references, sourceIdentity: '${claims.org}-${claims.sub}', sessionName: 'x' };
const tagged = { references, tags: { actor: '${claims.sub}' } };
const taggedPair = { references, tags: { actor: '${claims.org}-${claims.sub}' } };
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates

interface Named {
  readonly sourceIdentity?: string;
  readonly sessionName?: string;
  readonly name?: string;
  readonly tags?: unknown;
}
const named = (written: object, claims: object, request: object = {}): Named =>
  authorize(rulesFor(written), ask({ claims: { ...claims } }, request)) as Named;
const refusal = (written: object, claims: object): StsError => expectRefusal(() => named(written, claims));

describe('a name built from a claim', () => {
  it.each([
    [['alice|admin', 'alice:admin', 'alice admin', 'alice-admin', 'alice/admin']],
    [[`${'a'.repeat(64)}-first`, `${'a'.repeat(64)}-other`, 'a'.repeat(64)]],
  ])('is another for each of %j', (subjects) => {
    for (const part of ['sourceIdentity', 'sessionName'] as const) {
      expect(new Set(subjects.map((sub) => named(grant, { sub })[part])).size).toBe(subjects.length);
    }
  });

  it('is not that of one who is called what another was made', () => {
    const { sourceIdentity } = named(grant, { sub: 'alice|admin' });
    expect(named(grant, { sub: sourceIdentity }).sourceIdentity).not.toBe(sourceIdentity);
  });

  it('is the claim itself if a cloud takes it', () => {
    expect(named(grant, { sub: 'alice' })).toMatchObject({ sourceIdentity: 'alice', sessionName: 'job-alice' });
  });

  it('is short enough for a federated user, and still another for each', () => {
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    const federated = { ...grant, operations: ['GetFederationToken'], policy: { Version: '2012-10-17', Statement } };
    const nameOf = (sub: string) =>
      named(federated, { sub }, { operation: 'GetFederationToken', name: 'me' }).name ?? '';
    const names = ['first', 'other'].map((end) => nameOf(`${'a'.repeat(32)}${end}`));
    expect(names[0]).not.toBe(names[1]);
    expect(names.map((name) => name.length)).toEqual([32, 32]);
  });
});

describe('a name built from two claims', () => {
  it('tells apart where one ends and the other begins', () => {
    const one = named(pair, { org: 'a-b', sub: 'c' });
    const other = named(pair, { org: 'a', sub: 'b-c' });
    expect(one.sourceIdentity).not.toBe(other.sourceIdentity);
  });
});

describe('a tag built from a claim', () => {
  it('is refused, with the name of the claim, if clouds would refuse it', () => {
    const { code, message, detail } = refusal(tagged, { sub: 'dependabot[bot]' });
    expect([code, detail.reason, detail.parameter]).toEqual(['AccessDenied', 'TemplateRefused', 'claims.sub']);
    expect(message).toContain('claims.sub');
    expect(message).not.toContain('dependabot');
  });

  it('is refused if two pairs of claims would have the same', () => {
    expect(refusal(taggedPair, { org: 'a-b', sub: 'c' }).detail.reason).toBe('TemplateRefused');
    expect(named(taggedPair, { org: 'a', sub: 'b' }).tags).toEqual([{ key: 'actor', value: 'a-b' }]);
  });

  it('may hold all that clouds take', () => {
    expect(named(tagged, { sub: 'Ünïcode 1_.:/=+-@' }).tags).toEqual([{ key: 'actor', value: 'Ünïcode 1_.:/=+-@' }]);
  });
});
