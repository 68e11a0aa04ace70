import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../lib/config/schema.ts';
import { describeGrant } from '../../lib/diagnostics/describe.ts';

const config = (grant: object) =>
  parse(configSchema, {
    accounts: { prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'A', secret: 'env:S' } } },
    callers: {
      ci: {
        jwt: { issuer: 'https://token.actions.githubusercontent.com', audience: 'credmint', jwks: 'file:jwks.json' },
      },
    },
    grants: [
      { name: 'deploy', callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: ['role'], ...grant },
    ],
  });

describe('a grant in words', () => {
  it('says who may have what, when, and how', () => {
    const { grants, accounts } = config({
      claims: { sub: ['a', 'b'] },
      sourceIps: ['10.0.0.0/8'],
      maxDurationSeconds: 900,
    });
    expect(describeGrant(grants[0] as never, accounts)).toBe(
      'ci may have AssumeRole of role in the account prod (aws), when its claim sub is a or b and it comes from 10.0.0.0/8, for at most 900 seconds.',
    );
  });
  it('says for whom a grant of tokens is, and who may act', () => {
    const { grants, accounts } = config({
      account: 'issuer',
      operations: ['IssueToken'],
      roles: [],
      token: { audiences: ['https://api.example'], actors: ['agent'] },
    });
    expect(describeGrant(grants[0] as never, accounts)).toBe(
      'ci may have IssueToken in the account issuer (our own OIDC issuer), for the audience https://api.example and with agent acting for them.',
    );
  });
});
