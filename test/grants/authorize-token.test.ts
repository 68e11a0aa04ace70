import { describe, expect, it } from 'vitest';
import type { Caller, Session } from '../../lib/core/caller.ts';
import type { Account } from '../../lib/core/cloud.ts';
import type { TokenRequest } from '../../lib/core/requests.ts';
import type { Rules } from '../../lib/grants/authorize.ts';
import { decideToken } from '../../lib/grants/authorize-token.ts';
import { claimRule } from '../../lib/grants/claims.ts';
import { findGrants } from '../../lib/grants/find-grants.ts';
import type { Grant, TokenTerms } from '../../lib/grants/grant.ts';
import { compilePattern } from '../../lib/grants/pattern.ts';
import { compileTemplate, type Template } from '../../lib/grants/template.ts';
import { compileDocument } from '../../lib/grants/template-document.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { grantWith } from '../support/grants/grant-with.ts';

const account: Account = { name: 'issuer', cloud: 'issuer', endpoint: new URL('https://id.example') };
const references = new Map([['claims.repo', '/']]);
const terms: TokenTerms = { audiences: [compilePattern('https://*.example')], actors: new Set(['agent']) };
const granted: Partial<Grant> = { account: 'issuer', operations: new Set(['IssueToken']), references, token: terms };

const audiences = ['https://a.example', 'https://b.example'];
const asked: TokenRequest<'IssueToken'> = { operation: 'IssueToken', audiences };
const ci: Caller = { name: 'ci', proof: 'jwt', claims: { repo: 'acme/site' } };
const agent: Caller = { name: 'agent', proof: 'jwt', claims: { sub: 'bot-7', iss: 'https://agents.example' } };
const sessionOf = (kind: Session['kind']): Caller => ({
  name: 'ci',
  proof: 'session',
  session: { kind, caller: 'ci', role: 'demo', name: 'me' } as Session,
});

interface Case {
  readonly grant?: Partial<Grant>;
  readonly request?: Partial<TokenRequest<'IssueToken'>>;
  readonly caller?: Caller;
  readonly actor?: Caller;
  readonly rules?: Partial<Rules>;
}

const decided = ({ grant = {}, request = {}, caller = ci, actor, rules = {} }: Case) =>
  decideToken(
    {
      grants: findGrants([grantWith({ ...granted, ...grant })]),
      accounts: new Map([['issuer', account]]),
      range: () => undefined,
      sessionMay: () => true,
      checkPolicy: () => undefined,
      ...rules,
    },
    { caller, request: { ...asked, ...request }, dialect: 'json', now: new Date('2026-11-22T12:00:00Z') },
    actor,
  );

const plain = { subject: 'caller:ci', audiences, claims: {}, durationSeconds: 300, grant: 'deploy' };
const ofRepo = { ...plain, claimsUsed: { repo: ['acme/site'] } };
const act = { sub: 'earlier' };
const tags = [
  { key: 'team', value: 'red' },
  { key: 'stage', value: 'test' },
];
const ownClaims = compileDocument({ from: '$\u007bclaims.repo}', level: 2 }, references, () => undefined);

describe('a token of our own issuer', () => {
  it.each<[string, Case, object]>([
    ['is about its caller, for five minutes', {}, ofRepo],
    ['has no claims but its own of a grant that looks at none', { grant: { references: new Map() } }, plain],
    ['lasts as long as it is asked to', { request: { durationSeconds: 60 } }, { ...ofRepo, durationSeconds: 60 }],
    ['lasts no longer than its grant', { grant: { maxDurationSeconds: 90 } }, { ...ofRepo, durationSeconds: 90 }],
    ['is signed as asked', { request: { algorithm: 'ES384' } }, { ...ofRepo, algorithm: 'ES384' }],
    [
      'has the subject and the claims of its grant',
      {
        grant: {
          token: {
            ...terms,
            subject: compileTemplate('repo:$\u007bclaims.repo}', references) as Template,
            claims: ownClaims,
          },
        },
      },
      { ...ofRepo, subject: 'repo:acme/site', claims: { from: 'acme/site', level: 2 } },
    ],
    [
      'has the tags that it is asked for with, if the grant accepts them',
      { grant: { accepts: new Set(['tags']) }, request: { tags } },
      { ...ofRepo, claims: { request_tags: { team: 'red', stage: 'test' } } },
    ],
    [
      'says who acts, and by which issuer',
      { actor: agent },
      { ...ofRepo, claims: { act: { sub: 'bot-7', iss: 'https://agents.example' } } },
    ],
    [
      'names an actor without a subject as the configuration does',
      { actor: { name: 'agent', proof: 'accessKey' } },
      { ...ofRepo, claims: { act: { sub: 'agent' } } },
    ],
    ['keeps who acted before', { caller: { ...ci, claims: { ...ci.claims, act } } }, { ...ofRepo, claims: { act } }],
    [
      'says who acted before the actor',
      { caller: { ...ci, claims: { ...ci.claims, act } }, actor: agent },
      { ...ofRepo, claims: { act: { sub: 'bot-7', iss: 'https://agents.example', act } } },
    ],
    [
      'says that a session has it, and of which role',
      { caller: sessionOf('role'), grant: { references: new Map() } },
      { ...plain, subject: 'session:ci/role/demo/me', claims: { credmint_session: true } },
    ],
    [
      'says nothing of a session that is its caller',
      { caller: sessionOf('user'), grant: { references: new Map() } },
      { ...plain, subject: 'session:ci/user/me' },
    ],
    [
      'is given to an actor that a token of ours proves, if the grant is for such',
      { actor: { ...agent, byOwnIssuer: true }, grant: { ownTokens: true } },
      { ...ofRepo, claims: { act: { sub: 'bot-7', iss: 'https://agents.example' } } },
    ],
  ])('%s', (_, given, allowed) => {
    expect(decided(given)).toStrictEqual({ allowed, account });
  });

  it('is allowed in audit mode, and says what would have refused it', () => {
    const grant: Partial<Grant> = { mode: 'audit', claims: [claimRule('repo', ['other'])] };
    expect(decided({ grant }).auditOnlyViolations).toEqual({
      trace: [
        {
          grant: 'deploy',
          clause: 'claims',
          reason: 'ClaimMismatch',
          expected: 'repo: other',
          saw: 'another text, of 9 characters',
        },
      ],
    });
  });

  const notAccepted = (clause: string, reason: string) => ({
    parameter: clause,
    reason,
    trace: [{ grant: 'deploy', clause, reason, expected: 'none from the caller', saw: 'one' }],
  });

  it.each<[string, Case, string, string, object]>([
    [
      'by an account of a cloud',
      { rules: { accounts: new Map([['issuer', { ...account, cloud: 'aws' }]]) } },
      'UnsupportedOperation',
      'The account issues no tokens.',
      {},
    ],
    [
      'by an account that does not exist',
      { rules: { accounts: new Map() } },
      'Misconfigured',
      'A grant names an account that does not exist.',
      {},
    ],
    [
      'to a session that may not',
      { caller: sessionOf('role'), rules: { sessionMay: () => false } },
      'AccessDenied',
      'The policy of this session does not allow to ask for this.',
      {},
    ],
    [
      'with tags that the grant does not accept',
      { request: { tags } },
      'AccessDenied',
      'The grant does not accept tags from its callers.',
      notAccepted('tags', 'TagsNotAccepted'),
    ],
    [
      'to an actor that the grant does not name',
      { actor: { ...agent, name: 'other' } },
      'AccessDenied',
      'The grant lets no such caller act for another.',
      notAccepted('actor', 'ActorNotGranted'),
    ],
    [
      'to an actor by a grant that says nothing of tokens',
      { actor: agent, request: { audiences: [] }, grant: { token: undefined } as never },
      'AccessDenied',
      'The grant lets no such caller act for another.',
      notAccepted('actor', 'ActorNotGranted'),
    ],
    [
      'to an actor that a token of ours proves, by a grant that is not for such',
      { actor: { ...agent, byOwnIssuer: true } },
      'AccessDenied',
      'The grant is not for callers that a token of our own issuer proves.',
      notAccepted('ownTokens', 'OwnTokenNotGranted'),
    ],
    [
      'for less than a minute',
      { request: { durationSeconds: 59 } },
      'InvalidDuration',
      'The duration must be 60 to 3600 seconds here.',
      { parameter: 'durationSeconds' },
    ],
    [
      'for more than an hour',
      { request: { durationSeconds: 3601 } },
      'InvalidDuration',
      'The duration must be 60 to 3600 seconds here.',
      { parameter: 'durationSeconds' },
    ],
  ])('is not given %s', (_, given, code, message, detail) => {
    const error = expectRefusal(() => decided(given));
    expect([error.code, error.message, error.detail]).toEqual([code, message, detail]);
  });
});
