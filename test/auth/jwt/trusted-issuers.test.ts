import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TrustedRule, trustedIssuers } from '../../../lib/auth/jwt/trusted-issuers.ts';
import { claimRule } from '../../../lib/grants/claims.ts';
import { internet, issuer, newKey, proving, ruleOf, tokenOf, usualClaims } from '../../support/token-issuer.ts';

const key = newKey();
const repos = ['acme/a', 'acme/b', 'other/a'];
const patterns = [...repos, 'acme/*', '*/a', '**'];

const anyRule = fc
  .record({
    caller: fc.constantFrom('one', 'two', 'three'),
    audiences: fc.uniqueArray(fc.constantFrom('credmint', 'elsewhere'), { minLength: 1 }),
    repository: fc.option(fc.uniqueArray(fc.constantFrom(...patterns), { minLength: 1, maxLength: 2 })),
    ref: fc.option(fc.constantFrom('main', 'm*')),
    mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'audit' as const),
  })
  .map(({ repository, ref, ...rest }) =>
    ruleOf([key], {
      ...rest,
      claims: [
        ...(repository === null ? [] : [claimRule('repository', repository)]),
        ...(ref === null ? [] : [claimRule('ref', [ref])]),
      ],
    }),
  );

const anyToken = fc
  .record({
    aud: fc.constantFrom('credmint', 'elsewhere', 'nowhere', ['nowhere', 'credmint']),
    repository: fc.constantFrom(...repos),
    ref: fc.constantFrom('main', 'dev'),
  })
  .map((claims) => tokenOf(key, claims));

describe('an issuer whom many callers share', () => {
  it('proves whom one of their rules alone proves: a rule that is met before one that only records', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRule, { minLength: 12, maxLength: 24 }), anyToken, async (rules, token) => {
        const alone = await Promise.all(rules.map((rule) => proving([rule])(token)));
        const proven = alone.flatMap((one) => ('name' in one ? [one] : []));
        const full = proven.filter(({ auditOnlyViolations }) => auditOnlyViolations === undefined);
        const names = new Set((full.length > 0 ? full : proven).map(({ name }) => name));
        const found = await proving(rules)(token);
        if (names.size === 1) expect(found).toMatchObject({ name: [...names][0] });
        else if (names.size > 1) expect(found).toMatchObject({ fault: 'CallerAmbiguous' });
        else
          expect(alone.flatMap((one) => ('fault' in one ? [one.fault] : []))).toContain(
            'fault' in found && found.fault,
          );
        expect('auditOnlyViolations' in found).toBe(names.size === 1 && full.length === 0);
      }),
      { numRuns: 100 },
    );
  });

  it('asks no keys for the rule of another audience', () => {
    const source = { current: () => Promise.reject(new Error()), newerThan: () => Promise.reject(new Error()) };
    const rules = ['credmint', 'elsewhere'].map((audience) =>
      ruleOf([key], { caller: audience, audiences: [audience] }),
    );
    const known = trustedIssuers(rules, () => source).get(issuer);
    const fitting = known?.fitting({ header: {}, payload: usualClaims(), claims: {} });
    expect(fitting?.map(({ rule }) => rule.caller)).toEqual(['credmint']);
  });

  it('has those rules found that a token may meet, and few others', () => {
    const rules = Array.from({ length: 1_000 }, (_, index) =>
      ruleOf([key], { caller: `job-${index}`, claims: [claimRule('repository', [`acme/service-${index}`])] }),
    );
    const source = { current: () => Promise.reject(new Error()), newerThan: () => Promise.reject(new Error()) };
    const known = trustedIssuers(rules, () => source).get(issuer);
    const claims = { ...usualClaims(), repository: 'acme/service-700' };
    const callers = known?.fitting({ header: {}, payload: claims, claims: { repository: claims.repository } });
    expect(callers?.map(({ rule }: TrustedRule) => rule.caller)).toEqual(['job-700']);
  });

  it('has its keys asked for once, whoever the token proves, and however many it does not', async () => {
    const jwks = { keys: [key.jwk] };
    const keys = { kind: 'at' as const, url: `${issuer}/keys`, privateAddresses: [] };
    const documents = internet({ [`${issuer}/keys`]: jwks });
    const rules = Array.from({ length: 50 }, (_, index) =>
      ruleOf([key], { caller: `job-${index}`, keys, claims: [claimRule('repository', [`acme/${index}`])] }),
    );
    const prove = proving(rules, { documents: documents.fetch });
    expect(await prove(tokenOf(key, { repository: 'acme/7' }))).toMatchObject({ name: 'job-7' });
    expect(await prove(tokenOf(key, { repository: 'acme/x' }))).toMatchObject({ fault: 'ClaimMismatch' });
    expect(documents.asked).toHaveLength(1);
  });
});
