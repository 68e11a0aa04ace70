import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admissionsOf } from '../../../lib/diagnostics/prove/admissions.ts';
import { claimAxis, languages, member } from '../../../lib/diagnostics/prove/axes.ts';
import { diff } from '../../../lib/diagnostics/prove/diff.ts';
import { anyClaims, certificates, leaseClaims, withoutClaims } from '../../../lib/diagnostics/prove/own-grammars.ts';
import { proofRules, requestDialects } from '../../../lib/diagnostics/prove/proofs.ts';
import { findAllowed, findDeps } from '../../../lib/diagnostics/prove/search.ts';
import { anyToken, grammarOf } from '../../../lib/grants/prove/issuers/grammar-of.ts';
import type { Language } from '../../../lib/grants/prove/language.ts';
import { boundsOf, unhurried } from '../../fuzz/bounds.ts';
import { decideAsked, proveDeps, readWritten, writtenConfig } from '../../support/prove.ts';
import { proveConfigs, proveRequests } from '../../support/prove-configs.ts';

/**
 * `PROVE_RUNS=100000` looks further, and so does `npm run fuzz`. Otherwise the same cases each time: of a thousand pairs of
 * configurations one is searched for more than a minute.
 */
const { PROVE_RUNS, FUZZ_SECONDS } = process.env;
const isAnywhere = PROVE_RUNS !== undefined || FUZZ_SECONDS !== undefined;
const bounds = { ...boundsOf(Number(PROVE_RUNS ?? 15)), ...(isAnywhere ? {} : { seed: 1 }) };
const requests = fc.array(proveRequests, { minLength: 40, maxLength: 40 });

describe('a proof', () => {
  it('shows a request that the real decision allows, by that grant and to that caller', unhurried, () => {
    fc.assert(
      fc.property(proveConfigs, (json) => {
        const admissions = admissionsOf(writtenConfig(json), proveDeps);
        const config = readWritten(json);
        for (const admission of admissions.all) {
          const finding = findAllowed(admission, [], findDeps(proveDeps.now, admissions));
          expect(finding.kind).not.toBe('unknown');
          if (finding.kind !== 'found') continue;
          const decision = decideAsked(config, finding.witness);
          expect({ grant: decision?.allowed.grant, caller: decision?.caller, of: finding.witness }).toEqual({
            grant: admission.grant.name,
            caller: admission.rule.caller,
            of: finding.witness,
          });
        }
      }),
      { ...bounds, endOnFailure: true },
    );
  });

  it('says that there is none only if random requests find none either', unhurried, () => {
    fc.assert(
      fc.property(proveConfigs, requests, (json, all) => {
        const admissions = admissionsOf(writtenConfig(json), proveDeps);
        const config = readWritten(json);
        const none = new Set(
          admissions.all
            .filter((one) => findAllowed(one, [], findDeps(proveDeps.now, admissions)).kind !== 'none')
            .map(({ grant, rule, operation }) => `${grant.name} ${rule.caller} ${operation}`),
        );
        for (const request of all) {
          const decision = decideAsked(config, request);
          if (decision === undefined) continue;
          const { allowed, caller } = decision;
          expect(none).toContain(`${allowed.grant} ${caller} ${request.operation}`);
        }
      }),
      { ...bounds, endOnFailure: true },
    );
  });

  it('shows requests that the one configuration allows and the other does not, and misses none', unhurried, () => {
    fc.assert(
      fc.property(proveConfigs, proveConfigs, requests, (before, after, all) => {
        const { admitted } = diff(writtenConfig(before), writtenConfig(after), proveDeps);
        const [older, newer] = [readWritten(before), readWritten(after)];
        for (const { kind, witness, grant } of admitted) {
          if (witness === undefined) continue;
          expect(decideAsked(newer, witness)?.allowed.grant).toBe(grant);
          if (kind !== 'what') expect(decideAsked(older, witness)).toBeUndefined();
        }
        for (const request of all) {
          const decision = decideAsked(newer, request);
          // Whoever may give a policy of its own could have the same before, by one that takes nothing away.
          const wasAllowed = [request, { ...request, policy: 'own' as const }].some(
            (one) => decideAsked(older, one) !== undefined,
          );
          if (decision === undefined || wasAllowed) continue;
          const { allowed, caller } = decision;
          expect(admitted.map((one) => [one.grant, one.caller, one.operation])).toContainEqual([
            allowed.grant,
            caller,
            request.operation,
          ]);
        }
      }),
      { ...bounds, endOnFailure: true },
    );
  });
});

describe('the ways in which a configuration proves callers', () => {
  const of = languages();
  const issuer = 'https://issuer.example';
  const jwt = { issuer, audience: 'https://credmint.example', jwks: 'env:JWKS' };
  const gateway = { id: 'a1b2', account: '111122223333' };
  const rulesOf = (more: object) =>
    proofRules(
      writtenConfig({
        accounts: { prod: { cloud: 'aws', endpoint: 'https://sts.example/', key: { id: 'A', secret: 'env:S' } } },
        ...more,
      }),
      proveDeps,
      of,
    );
  const callers = (ci: object) => rulesOf({ callers: { ci } });
  const claim = (name: string, language: Language) => [claimAxis(name), member(language)] as const;
  const least = [claim('iss', of.exactly([issuer])), claim('aud', of.exactly(['https://credmint.example']))];
  const common = { caller: 'ci', dialects: requestDialects };
  const bare = { ...common, claims: new Map(), grammar: withoutClaims };

  it('are tokens, with the claims that are asked', () => {
    expect(callers({ jwt: { ...jwt, claims: { sub: ['a*'] } } })).toEqual([
      {
        ...common,
        kind: 'jwt',
        name: `a token of ${issuer}`,
        path: 'callers.ci.jwt',
        grammar: anyToken,
        claims: new Map([...least, claim('sub', of.matching(['a*']))]),
      },
    ]);
    expect(callers({ jwt: { ...jwt, mode: 'audit' } })).toMatchObject([{ leastClaims: new Map(least) }]);
  });

  it('are tokens of a preset, with its issuer and its claims', () => {
    const [rule] = callers({ jwt: { preset: 'github-actions', audience: 'https://credmint.example' } });
    expect(rule).toMatchObject({
      name: 'a token of https://token.actions.githubusercontent.com',
      grammar: grammarOf('https://token.actions.githubusercontent.com'),
    });
  });

  it('are keys that are not disabled, until they expire', () => {
    const keyOf = (id: string, changes: object = {}) => ({ id, secret: 'env:S', ...changes });
    const one = { ...bare, kind: 'accessKey', path: 'callers.ci.accessKey' };
    expect(callers({ accessKey: keyOf('A') })).toEqual([{ ...one, name: 'the access key A' }]);
    const several = [keyOf('A'), keyOf('B', { disabled: true }), keyOf('C', { expires: '2027-01-01T00:00:00Z' })];
    expect(callers({ accessKey: several })).toEqual([
      { ...one, name: 'the access key A' },
      { ...one, name: 'the access key C', expiresMs: Date.parse('2027-01-01T00:00:00Z') },
    ]);
  });

  it('are certificates, by whoever did the handshake', () => {
    const certificate = {
      from: 'tls',
      spiffe: ['spiffe://a/*'],
      dns: ['A.example'],
      issuer: 'CN=i',
      subject: ['CN=s'],
    };
    expect(callers({ certificate })).toEqual([
      {
        ...common,
        kind: 'certificate',
        name: 'a client certificate by tls',
        path: 'callers.ci.certificate',
        grammar: certificates,
        claims: new Map([
          claim('spiffe', of.matching(['spiffe://a/*'])),
          claim('dns', of.exactly(['a.example'])),
          claim('iss', of.exactly(['CN=i'])),
          claim('subject', of.exactly(['CN=s'])),
        ]),
      },
    ]);
    const [bySubject] = callers({ certificate: { from: { gateway }, dns: ['a.example'] } });
    expect(bySubject).toMatchObject({
      name: 'a client certificate by the gateway a1b2 of aws, account 111122223333',
      claims: new Map([claim('dns', of.exactly(['a.example']))]),
    });
  });

  it('are authorizers of gateways', () => {
    const authorizer = { gateway: { id: 'a1b2', platform: 'tencent' }, kind: 'jwt', claims: { sub: ['a*'] } };
    expect(callers({ authorizer })).toEqual([
      {
        ...common,
        kind: 'gateway',
        name: 'the jwt authorizer of the gateway a1b2 of tencent',
        path: 'callers.ci.authorizer',
        grammar: anyClaims,
        claims: new Map([claim('sub', of.matching(['a*']))]),
      },
    ]);
  });

  it('are events and sessions', () => {
    const events = { sources: { 'timer:nightly': 'ci' }, recipients: {} };
    expect(rulesOf({ callers: { ci: {} }, events })).toEqual([
      { ...bare, kind: 'event', name: 'an event of timer:nightly', path: 'events.sources', dialects: ['event'] },
    ]);
    const authority = { keys: ['env:RING'], roles: { demo: { trust: ['*'] } } };
    expect(rulesOf({ authority })).toEqual([
      { ...bare, caller: 'session', kind: 'session', name: 'a session of the built-in authority', path: 'authority' },
    ]);
  });

  it('are leases, which credmint keeps, and the tokens of their readers', () => {
    const lease = { account: 'prod', operation: 'AssumeRole', role: 'role/a' };
    const own = { path: 'leases.demo', grammar: leaseClaims, claims: new Map([claim('sub', of.exactly(['demo']))]) };
    const keeper = {
      ...own,
      caller: 'leases',
      kind: 'lease',
      name: 'credmint itself, for the lease demo',
      dialects: ['lease'],
      lease: { name: 'demo', ...lease },
    };
    expect(rulesOf({ leases: { demo: lease } })).toEqual([keeper]);
    expect(rulesOf({ leases: { demo: { ...lease, readToken: 'env:TOKEN' } } })).toEqual([
      keeper,
      {
        ...own,
        caller: 'lease-reader',
        kind: 'readToken',
        name: 'the token of the lease demo',
        dialects: requestDialects,
        lease: { name: 'demo', account: 'prod', operation: 'ReadLease' },
      },
    ]);
    const [federated] = rulesOf({ leases: { demo: { account: 'prod', operation: 'GetFederationToken' } } });
    expect(federated?.lease).toEqual({ name: 'demo', account: 'prod', operation: 'GetFederationToken' });
  });
});
