import { describe, expect, it } from 'vitest';
import { admissionsOf } from '../../../lib/diagnostics/prove/admissions.ts';
import { findAllowed, findDeps } from '../../../lib/diagnostics/prove/search.ts';
import { proveDeps, writtenConfig } from '../../support/prove.ts';

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
const shown = (changes: object, more: object = {}) => {
  const admissions = admissionsOf(
    writtenConfig({
      accounts: { prod: account() },
      callers: { ci: { accessKey: { id: 'AKIDCI', secret: 'env:SECRET' } } },
      grants: [grant(changes)],
      ...more,
    }),
    proveDeps,
  );
  return admissions.all.flatMap((one) => {
    const found = findAllowed(one, [], findDeps(proveDeps.now, admissions));
    return found.kind === 'found' ? [found.witness] : [];
  });
};

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
