import { describe, expect, it } from 'vitest';
import { shownBy } from '../../support/prove.ts';

const issuer = { url: 'https://id.example', keys: ['env:EC'] };
const authority = { keys: ['env:RING'], roles: { demo: { trust: ['*'] } } };
const key = { id: 'AKID', secret: 'env:SECRET' };
const account = (changes: object = {}) => ({ cloud: 'aws', endpoint: 'https://sts.amazonaws.com/', key, ...changes });
const grant = (changes: object) => ({
  name: 'the-grant',
  callers: ['ci'],
  account: 'prod',
  operations: ['AssumeRole'],
  roles: ['**'],
  ...changes,
});

/** What is shown to be allowed by the only grant of a configuration, by each of its proofs. */
const shown = (changes: object, more: object = {}) =>
  shownBy({
    accounts: { prod: account() },
    callers: { ci: { accessKey: { id: 'AKIDCI', secret: 'env:SECRET' } } },
    grants: [grant(changes)],
    ...more,
  });

describe('what a grant gives', () => {
  it.each(['alibaba', 'volcengine', 'huawei'])('is shown in the words of %s, if it is for those alone', (dialect) => {
    expect(shown({ dialects: [dialect] })).toMatchObject([{ dialect, operation: 'AssumeRole' }]);
  });

  it('lasts as long as the federation role of the account can be assumed, not as long as a federated user can be', () => {
    const asked = { operations: ['GetFederationToken'], roles: [], accepts: ['policy'] };
    expect(shown(asked)).toMatchObject([{ durationSeconds: 129_600 }]);
    const accounts = { prod: account({ federationRole: 'arn:aws:iam::1:role/federation' }) };
    expect(shown(asked, { accounts })).toMatchObject([{ durationSeconds: 43_200 }]);
  });

  it('lasts an hour at most for the holder of a session, who is given nothing that takes a permanent key', () => {
    const sessions = { callers: ['session'] };
    expect(shown(sessions, { authority })).toMatchObject([{ durationSeconds: 3600 }]);
    const operations = ['GetFederationToken', 'GetSessionToken'];
    expect(shown({ ...sessions, operations, roles: [], accepts: ['policy'] }, { authority })).toEqual([]);
  });

  it('is no role that a cloud may read as another', () => {
    expect(shown({ roles: ['arn:aws:iam::1:role/a%2Fb'] })).toEqual([]);
    expect(shown({ roles: ['arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/x%20*'] })).toMatchObject([
      { role: 'arn:aws:iam::1:role/a' },
    ]);
  });

  it('is a token of our own for an audience of the grant, in the two dialects that ask for one', () => {
    const token = { audiences: ['https://*.example'] };
    const asked = { account: 'issuer', operations: ['IssueToken'], roles: [], token };
    expect(shown(asked, { issuer })).toMatchObject([
      { operation: 'IssueToken', audience: 'https://.example', dialect: 'aws', durationSeconds: 3600 },
    ]);
    expect(shown({ ...asked, dialects: ['json'] }, { issuer })).toEqual([]);
    expect(shown({ ...asked, maxDurationSeconds: 600 }, { issuer })).toMatchObject([{ durationSeconds: 600 }]);
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
describe('what a grant gives that its templates are filled for', () => {
  const jwt = { issuer: 'https://issuer.example', audience: 'https://credmint.example', jwks: 'env:JWKS' };
  const policy = (Resource: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }],
  });
  const filled = 'arn:aws:s3:::b/${claims.sub}/*';
  /** The subjects that are shown, of those that the caller may have. */
  const subjects = (sub: string, changes: object, allow = '') =>
    shown(
      { references: { 'claims.sub': { allow }, 'claims.team': {} }, ...changes },
      { callers: { ci: { jwt: { ...jwt, claims: { sub: [sub] } } } }, issuer },
    ).map(({ claims = {} }) => claims['sub']);

  it.each<[string, string, object, string, readonly unknown[]]>([
    ['whatever it is, if no template has it', 'a/..', {}, '', ['a/..']],
    ['that is harmless', '*', { policy: policy(filled) }, '', ['a']],
    ['that is none, if all would lead elsewhere', '../a', { policy: policy(filled) }, '/', []],
    ['that is none with what no reference may bring', 'a/b', { policy: policy(filled) }, '', []],
    ['with what its reference may bring', 'a/b', { policy: policy(filled) }, '/', ['a/b']],
    ['that is none, if it is a variable of the cloud', '${aws:x}', { policy: policy(filled) }, ':', []],
    ['with anything in a name, where it is replaced', 'a/b:c*', { sessionName: '${claims.sub}' }, '', ['a/b:c']],
    ['with anything in the name of a source', 'a/b:c*', { sourceIdentity: '${claims.sub}' }, '', ['a/b:c']],
    ['that leads nowhere else in a name either', '../a', { sessionName: '${claims.sub}' }, '', []],
    ['that is harmless in a tag', 'a/b', { tags: { who: '${claims.sub}' } }, '', []],
    [
      'that is harmless wherever it stands twice',
      'a/b',
      { sessionName: '${claims.sub}', policy: policy(filled) },
      '',
      [],
    ],
  ])('is shown by a subject %s', (_, sub, changes, allow, expected) => {
    expect(subjects(sub, changes, allow)).toEqual(expected);
  });

  it('is shown by a token with one text in each claim that a template has', () => {
    const team = { policy: policy('arn:aws:s3:::${claims.team}') };
    const callers = { ci: { jwt: { ...jwt, claims: { sub: ['a'] } } } };
    const references = { 'claims.team': {} };
    expect(shown({ ...team, references }, { callers })).toMatchObject([{ claims: { sub: 'a', team: 'a' } }]);
    // A key proves no claims.
    expect(shown({ ...team, references })).toEqual([]);
  });

  it('is a token of our own too', () => {
    const asked = { account: 'issuer', operations: ['IssueToken'], roles: [] };
    const audiences = ['https://a.example'];
    for (const token of [{ subject: '${claims.sub}' }, { claims: { who: '${claims.sub}' } }]) {
      expect(subjects('a/b', { ...asked, token: { audiences, ...token } })).toEqual([]);
      expect(subjects('a', { ...asked, token: { audiences, ...token } })).toEqual(['a']);
    }
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates

describe('what a grant does not give', () => {
  it('is a session that its policy would not bind', () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const operations = ['AssumeRole', 'GetSessionToken'];
    expect(shown({ operations, policy }).map(({ operation }) => operation)).toEqual(['AssumeRole']);
    expect(shown({ operations }).map(({ operation }) => operation)).toEqual(operations);
  });

  it('is a federated user without a policy, but in the words of the account’s own system', () => {
    const asked = { operations: ['GetFederationToken'], roles: [] };
    expect(shown(asked)).toMatchObject([{ dialect: 'aws' }]);
    expect(shown(asked)[0]).not.toHaveProperty('policy');
    expect(shown({ ...asked, dialects: ['json'] })).toEqual([]);
    expect(shown({ ...asked, dialects: ['json'], accepts: ['policy'] })).toMatchObject([{ policy: 'own' }]);
  });

  it('is nothing, of a federated user whom its policy narrows', () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const asked = { operations: ['GetFederationToken'], roles: [], dialects: ['json'], policy };
    expect(shown(asked)).toMatchObject([{ dialect: 'json', operation: 'GetFederationToken' }]);
  });

  it('is a duration, of what only answers', () => {
    const [identity, ...others] = shown({ operations: ['GetCallerIdentity'], roles: [] });
    expect([identity?.operation, identity?.durationSeconds, others]).toEqual(['GetCallerIdentity', undefined, []]);
  });

  it('is a role by a name that a cloud would read otherwise, by whatever operation', () => {
    const jwt = { issuer: 'https://issuer.example', audience: 'https://credmint.example', jwks: 'env:JWKS' };
    const go = (role: string) =>
      shown({ operations: ['AssumeRoleWithWebIdentity'], roles: [role] }, { callers: { ci: { jwt } } });
    expect(go('a%2Fb')).toEqual([]);
    expect(go('a')).toMatchObject([{ role: 'a', operation: 'AssumeRoleWithWebIdentity' }]);
  });

  it('is as short as no cloud gives', () => {
    expect(shown({ maxDurationSeconds: 899 })).toEqual([]);
    expect(shown({ maxDurationSeconds: 900 })).toMatchObject([{ durationSeconds: 900 }]);
  });

  it('lasts an hour at most for a session, unless one can be its caller', () => {
    const sessions = { callers: ['session'] };
    expect(shown({ ...sessions, operations: ['AssumeRole', 'GetSessionToken'] }, { authority })).toMatchObject([
      { operation: 'AssumeRole', durationSeconds: 43_200 },
    ]);
    const other = grant({ ...sessions, name: 'other', operations: ['GetSessionToken'], roles: [] });
    expect(shown({}, { authority, grants: [grant(sessions), other] })).toMatchObject([{ durationSeconds: 43_200 }]);
  });

  it('is a role of the authority by a name that a cloud would read otherwise', () => {
    const accounts = { sts: { cloud: 'authority' } };
    const asked = { account: 'sts', roles: ['a%2Fb'] };
    expect(shown(asked, { accounts, authority })).toMatchObject([{ role: 'a%2Fb' }]);
    const federated = { account: 'sts', operations: ['GetFederationToken'], roles: [] };
    expect(shown({ ...federated, dialects: ['json'] }, { accounts, authority })).toEqual([]);
    expect(shown(federated, { accounts, authority })).toMatchObject([{ operation: 'GetFederationToken' }]);
  });
});
