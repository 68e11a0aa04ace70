import { describe, expect, it } from 'vitest';
import { byJwt } from '../../lib/auth/jwt/by-jwt.ts';
import { keptKeys } from '../../lib/auth/jwt/key-source.ts';
import type { MintOperation, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { addressOf, explainRequest, instantOf, oneOf, UsageError } from '../../lib/diagnostics/explain.ts';
import { claimRule } from '../../lib/grants/claims.ts';
import { findGrants } from '../../lib/grants/find-grants.ts';
import type { Grant } from '../../lib/grants/grant.ts';
import { compilePattern } from '../../lib/grants/pattern.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { ask, readRules, rulesFor } from '../support/rules.ts';
import { at, newKey, now, ruleOf, tokenOf } from '../support/token-issuer.ts';

const key = newKey();
const rule = ruleOf([key], { claims: [claimRule('repository_id', ['42'])] });
const prove = byJwt([rule], {
  keySources: () => keptKeys({ verify: async () => undefined }),
  store: memoryStore(() => now),
});
const rehearse = () => undefined;
const asked = { request: ask().request, dialect: 'json', now };
const explain = async (token: string) =>
  explainRequest({ token: new Secret(token) }, asked, { rules: rulesFor({}), rehearse, prove });
const claims = { repository_id: '42' };
const seconds = (later: number) => at(later).getTime() / 1000;

describe('an explanation', () => {
  it('allows what the server would, if the signature is right', async () => {
    const [head, payload] = tokenOf(key, claims).split('.');
    const { allowed, lines } = await explain(`${head}.${payload}.AAAA`);
    expect([allowed !== undefined, lines[0]]).toEqual([true, expect.stringContaining('by the grant grant-0')]);
  });

  it.each([
    ['of a fork', { repository_id: '7' }, {}, 'ClaimMismatch'],
    ['that has expired', { ...claims, exp: seconds(-600) }, {}, 'TokenExpired'],
    ['that never expires', { ...claims, exp: undefined }, {}, 'ClaimMissing'],
    ['that is not valid yet', { ...claims, nbf: seconds(600) }, {}, 'TokenNotYetValid'],
    ['without a subject', { ...claims, sub: undefined }, {}, 'ClaimMissing'],
    ['by an algorithm that is not listed', claims, { alg: 'RS512' }, 'AlgorithmRefused'],
    ['with a critical extension', claims, { crit: ['x'] }, 'TokenCritical'],
    ['for another audience', { ...claims, aud: 'other' }, {}, 'AudienceMismatch'],
    ['of another issuer', { ...claims, iss: 'https://other.example' }, {}, 'IssuerUnknown'],
  ])('refuses a token %s, as the server does', async (_, changes, header, fault) => {
    const { allowed, lines } = await explain(tokenOf(key, changes, header));
    expect([allowed !== undefined, lines[0]]).toEqual([false, expect.stringContaining(`Refused: no caller: ${fault}`)]);
  });

  it('says which clause of a grant is not met', async () => {
    const deps = { rules: rulesFor({ sourceIps: ['192.0.2.0/24'] }), rehearse, prove };
    const { allowed, lines } = await explainRequest({ caller: 'ci' }, { ...asked, sourceIp: '198.51.100.1' }, deps);
    expect([allowed !== undefined, lines[0]]).toEqual([false, expect.stringContaining('SourceIpNotGranted')]);
  });
});

describe('an explanation for', () => {
  const about = (changes: object, caller: string, request: TokenRequest<MintOperation | 'IssueToken'>) =>
    explainRequest(
      { caller },
      { ...asked, request },
      { rules: { ...rulesFor(changes), sessionMay: () => true }, rehearse, prove },
    );

  it('a token of our own issuer is that of the server', async () => {
    const request = { operation: 'IssueToken', audiences: ['https://a.example'], durationSeconds: 600 } as const;
    expect((await about({}, 'ci', request)).lines[0]).toContain('OperationNotGranted');
    const [first] = readRules({}).grants;
    const token = { audiences: [compilePattern('https://*.example')], writtenAudiences: [], actors: new Set<string>() };
    const issuing = { ...first, account: 'issuer', operations: new Set(['IssueToken']), token } as unknown as Grant;
    const accounts = new Map([
      ['issuer', { name: 'issuer', cloud: 'issuer', endpoint: new URL('https://id.example') }],
    ]);
    const deps = { rules: { ...rulesFor({}), accounts, grants: findGrants([issuing]) }, rehearse, prove };
    const ofIssuer = (audiences: readonly string[]) =>
      explainRequest({ caller: 'ci' }, { ...asked, request: { ...request, audiences } }, deps);
    expect((await ofIssuer(['https://a.example'])).lines).toEqual([
      'Allowed: ci, by the grant grant-0, in the account issuer, IssueToken for 600 seconds.',
      'Subject: caller:ci',
    ]);
    expect((await ofIssuer(['https://a.other'])).lines[0]).toContain('AudienceNotGranted');
  });

  it('a session gives it an hour at most, and nothing that takes a permanent key', async () => {
    const changes = { callers: ['session'], operations: ['AssumeRole', 'GetSessionToken'] };
    const { request } = ask();
    const most = await about(changes, 'session', request);
    expect(most.lines[0]).toContain('AssumeRole for 3600 seconds');
    expect(most.lines.at(-1)).toBe('The policies of the session and of its role decide too.');
    expect((await about(changes, 'session', { ...request, durationSeconds: 7200 })).isAllowed).toBe(false);
    expect((await about(changes, 'session', { operation: 'GetSessionToken' })).isAllowed).toBe(false);
  });
});

describe('a word of the command line', () => {
  it.each([
    ['an instant', () => instantOf('yesterday')],
    ['an address', () => addressOf('banana')],
    ['an operation', () => oneOf('operation', 'Frob', ['AssumeRole'])],
  ])('is refused if it is no such thing: %s', (_, read) => {
    expect(read).toThrow(UsageError);
  });

  it('is taken if it is', () => {
    expect(instantOf('2026-11-22T12:00:00Z')).toEqual(now);
    expect(addressOf('2001:db8::1')).toBe('2001:db8::1');
    expect(oneOf('operation', 'AssumeRole', ['AssumeRole'])).toBe('AssumeRole');
  });
});
