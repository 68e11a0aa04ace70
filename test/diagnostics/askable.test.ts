import { describe, expect, it } from 'vitest';
import { clouds } from '../../lib/clouds/dialects.ts';
import { askedDialects, usualDialect, whyNotAsked } from '../../lib/diagnostics/askable.ts';

const operations = [
  'AssumeRole',
  'AssumeRoleWithWebIdentity',
  'GetFederationToken',
  'GetSessionToken',
  'IssueToken',
  'GetCallerIdentity',
];
const askable = (dialect: string, byToken: boolean) =>
  operations.filter((operation) => whyNotAsked({ dialect, operation, byToken }, clouds) === undefined);

describe('what may be asked for', () => {
  it.each([
    ['json', ['AssumeRole', 'GetFederationToken'], ['AssumeRole', 'GetFederationToken']],
    ['event', ['AssumeRole', 'GetFederationToken'], ['AssumeRole', 'GetFederationToken']],
    ['lease', ['AssumeRole', 'GetFederationToken'], ['AssumeRole', 'GetFederationToken']],
    ['oauth', ['AssumeRole', 'IssueToken'], ['AssumeRole', 'IssueToken']],
    ['aws', ['AssumeRole', 'GetFederationToken', 'GetSessionToken', 'IssueToken'], ['AssumeRoleWithWebIdentity']],
    ['tencent-v3', ['AssumeRole', 'GetFederationToken'], ['AssumeRoleWithWebIdentity']],
    ['tencent-v2', ['AssumeRole', 'GetFederationToken'], []],
    ['ecs', ['AssumeRole', 'GetFederationToken'], []],
    ['ucloud', ['AssumeRole'], []],
    ['alibaba', ['AssumeRole'], ['AssumeRoleWithWebIdentity']],
    ['volcengine', ['AssumeRole'], ['AssumeRoleWithWebIdentity']],
    ['huawei', ['AssumeRole'], ['AssumeRoleWithWebIdentity']],
    ['klingon', [], []],
  ])('in %s by a key and by a token', (dialect, byKey, byToken) => {
    expect([askable(dialect, false), askable(dialect, true)]).toEqual([byKey, byToken]);
  });

  it('is so in every dialect that there is', () => {
    for (const dialect of askedDialects(clouds)) expect(askable(dialect, false), dialect).toContain('AssumeRole');
  });

  it('has a dialect in which it is usual', () => {
    expect(operations.slice(0, 5).map(usualDialect)).toEqual(['json', 'aws', 'json', 'aws', 'oauth']);
  });
});
