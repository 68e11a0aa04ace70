import { describe, expect, it } from 'vitest';
import { type WhoQuestion, who } from '../../../lib/diagnostics/prove/who.ts';
import { proveDeps, writtenConfig } from '../../support/prove.ts';

const account = (id: string) => ({
  cloud: 'aws',
  endpoint: 'https://sts.example.test/',
  key: { id, secret: 'env:S' },
});
const jwt = (claims: object) => ({
  jwt: { issuer: 'https://issuer.example', audience: 'https://credmint.example', jwks: 'env:JWKS', claims },
});
const written = writtenConfig({
  accounts: { prod: account('A'), dev: account('B') },
  callers: {
    ci: jwt({ sub: ['job-*'] }),
    app: { accessKey: { id: 'AKIDAPP', secret: 'env:S' } },
  },
  grants: [
    { name: 'deploy', callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: ['role/a', 'role/b'] },
    { name: 'session', callers: ['app'], account: 'prod', operations: ['GetSessionToken'] },
    { name: 'second', callers: ['app'], account: 'prod', operations: ['AssumeRole'], roles: ['role/b'] },
    { name: 'other', callers: ['app'], account: 'dev', operations: ['AssumeRole'], roles: ['**'] },
    {
      name: 'clock',
      callers: ['ci'],
      account: 'dev',
      operations: ['AssumeRole'],
      roles: ['c'],
      claims: { exp: ['1*'] },
    },
  ],
});

const asked = (question: Partial<WhoQuestion> = {}) =>
  who(written, { account: 'prod', except: [], ...question }, proveDeps);
const grants = (question: Partial<WhoQuestion> = {}) => asked(question).map(({ grant }) => grant);

describe('who can obtain something', () => {
  it.each<[string, Partial<WhoQuestion>, readonly string[]]>([
    ['of an account', {}, ['deploy', 'session', 'second']],
    ['by an operation', { operation: 'GetSessionToken' }, ['session']],
    ['of a role', { role: 'role/b' }, ['deploy', 'second']],
    ['of another role', { role: 'role/a' }, ['deploy']],
    ['of a role that nobody has', { role: 'role/c' }, []],
    ['but for a caller', { except: ['caller=app'] }, ['deploy']],
    ['but for subjects', { except: ['job-*'] }, ['session', 'second']],
    ['but for some subjects', { except: ['job-a'] }, ['deploy', 'session', 'second']],
    ['but for a claim', { except: ['sub=job-*'] }, ['session', 'second']],
    ['but for several', { except: ['sub=job-*', 'caller=app'] }, []],
    ['but for a claim of another name', { except: ['team=job-*'] }, ['deploy', 'session', 'second']],
  ])('is told %s', (_, question, expected) => {
    expect(grants(question)).toEqual(expected);
  });

  it('is shown by a request', () => {
    expect(asked({ role: 'role/b', except: ['caller=app', 'job-a', 'job-'] })).toEqual([
      {
        grant: 'deploy',
        caller: 'ci',
        operation: 'AssumeRole',
        finding: {
          kind: 'found',
          witness: expect.objectContaining({ role: 'role/b', claims: expect.objectContaining({ sub: 'job-c' }) }),
        },
      },
    ]);
  });

  it('is not known of a claim that cannot be searched for', () => {
    const [, unknown] = asked({ account: 'dev' });
    expect(unknown).toEqual({
      grant: 'clock',
      caller: 'ci',
      operation: 'AssumeRole',
      finding: { kind: 'unknown', why: 'the claim exp: an instant is not searched for' },
    });
  });

  it('is told along with how far the search is', () => {
    const told: (readonly number[])[] = [];
    who(written, { account: 'prod', except: [] }, { ...proveDeps, onProgress: (...progress) => told.push(progress) });
    expect(told).toEqual([0, 1, 2, 3, 4].map((done) => [done, 5]));
  });
});
