import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../lib/core/caller.ts';
import type { Account } from '../../lib/core/cloud.ts';
import { Secret } from '../../lib/core/secret.ts';
import { authorize, decide } from '../../lib/grants/authorize.ts';
import { expectRefusal, refusalCode } from '../support/expect-refusal.ts';
import { ask, rulesFor } from '../support/rules.ts';

describe('a decision', () => {
  it('is no where there is no grant', () => {
    expect(expectRefusal(() => authorize(rulesFor(), ask())).detail.reason).toBe('NoGrant');
    expect(expectRefusal(() => authorize(rulesFor({}), ask({ caller: 'app' }))).detail.reason).toBe('NoGrant');
  });

  it('never tells a caller of another caller’s grants', () => {
    const error = expectRefusal(() => authorize(rulesFor({ name: 'not-yours', callers: ['app'] }), ask()));
    expect(JSON.stringify(error.detail)).not.toContain('not-yours');
  });

  it.each([
    ['the role', {}, ask({}, { role: 'arn:aws:iam::123456789012:role/admin' }), 'RoleNotGranted', 'roles'],
    [
      'the operation',
      {},
      ask({}, { operation: 'GetFederationToken', name: 'x' } as never),
      'OperationNotGranted',
      'operations',
    ],
    ['the account', {}, ask({}, { account: 'cos' }), 'AccountNotGranted', 'account'],
    ['the dialect', { dialects: ['aws'] }, ask(), 'DialectNotGranted', 'dialects'],
    ['a claim', { claims: { sub: 'repo:acme/*' } }, ask({ claims: { sub: 'repo:evil/x' } }), 'ClaimMismatch', 'claims'],
    ['an absent claim', { claims: { sub: '**' } }, ask({ claims: {} }), 'ClaimMismatch', 'claims'],
    ['the address', { sourceIps: ['10.0.0.0/8'] }, ask({ sourceIp: '11.0.0.1' }), 'SourceIpNotGranted', 'sourceIps'],
    ['an unknown address', { sourceIps: ['10.0.0.0/8'] }, ask(), 'SourceIpNotGranted', 'sourceIps'],
    ['the time', { times: { until: '2026-01-01T00:00:00Z' } }, ask(), 'OutsideTimes', 'times'],
    ['the acr', { acr: ['gold'] }, ask({ claims: { acr: 'silver' } }), 'AcrTooLow', 'acr'],
    ['the amr', { amr: ['mfa', 'pwd'] }, ask({ claims: { amr: ['pwd'] } }), 'AmrMissing', 'amr'],
  ])('names %s that is not as the grant has it', (_, grant, question, reason, clause) => {
    const { code, detail } = expectRefusal(() => authorize(rulesFor(grant), question));
    expect(code).toBe('AccessDenied');
    expect(detail.reason).toBe(reason);
    expect(detail.trace?.[0]).toMatchObject({ grant: 'grant-0', clause });
  });

  it.each([
    ['an exact claim', { claims: { sub: 'repo:acme/x' } }, { claims: { sub: 'repo:acme/x' } }],
    ['one of several patterns', { claims: { sub: ['a', 'repo:acme/*'] } }, { claims: { sub: 'repo:acme/x' } }],
    ['a member of a claim that is a list', { claims: { groups: 'ops' } }, { claims: { groups: ['dev', 'ops'] } }],
    [
      'a claim by pointer',
      { claims: { '/kubernetes.io/namespace': 'prod' } },
      { claims: { 'kubernetes.io': { namespace: 'prod' } } },
    ],
    ['an IPv6 range', { sourceIps: ['2001:db8::/32'] }, { sourceIp: '2001:db8::1' }],
    ['an IPv4 address in IPv6 clothes', { sourceIps: ['10.0.0.0/8'] }, { sourceIp: '::ffff:10.1.2.3' }],
    ['a window over midnight', { times: { daily: { begins: '22:00', ends: '13:00' } } }, {}],
    ['the day', { times: { days: ['Sun'] } }, {}],
  ])('takes %s', (_, grant, changes) => {
    expect(authorize(rulesFor(grant), ask(changes)).grant).toBe('grant-0');
  });

  it('does not find a claim on the prototype of a token', () => {
    const rules = rulesFor({ claims: { toString: '**' } });
    expect(expectRefusal(() => authorize(rules, ask({ claims: {} }))).detail.reason).toBe('ClaimMismatch');
  });

  it('is not made by a configuration with names that a reader would drop', () => {
    expect(() => rulesFor({ claims: { constructor: 'x' } })).toThrow(/grants\.0\.claims\.constructor/);
    expect(() => rulesFor(JSON.parse('{"claims":{"__proto__":"x"}}'))).toThrow(/grants\.0\.claims\.__proto__/);
  });

  it('shows the class of what it saw and never the thing', () => {
    const rules = rulesFor({ claims: { sub: 'repo:acme/*' } });
    const { detail } = expectRefusal(() => authorize(rules, ask({ claims: { sub: 'repo:somebody/secret-project' } })));
    expect(JSON.stringify(detail)).not.toContain('secret-project');
    expect(detail.trace?.[0]?.saw).toBe('another text, of 28 characters');
  });

  it('asks which account is meant where two fit', () => {
    const rules = rulesFor({}, { account: 'cos' });
    expect(expectRefusal(() => authorize(rules, ask()))).toMatchObject({
      code: 'InvalidParameter',
      detail: { parameter: 'account' },
    });
    expect(authorize(rules, ask({}, { account: 'cos' })).account).toBe('cos');
  });

  it('lets a request through in audit mode and says what would have refused it', () => {
    const rules = rulesFor({ mode: 'audit', claims: { sub: 'repo:acme/*' } });
    const { allowed, auditOnlyViolations } = decide(rules, ask({ claims: { sub: 'repo:evil/x' } }));
    expect(allowed.grant).toBe('grant-0');
    expect(auditOnlyViolations?.trace[0]).toMatchObject({ reason: 'ClaimMismatch' });
  });

  it('does not widen what a grant is for in audit mode', () => {
    const rules = rulesFor({ mode: 'audit' });
    expect(expectRefusal(() => authorize(rules, ask({}, { role: 'arn:aws:iam::1:role/admin' }))).detail.reason).toBe(
      'RoleNotGranted',
    );
    expect(expectRefusal(() => authorize(rules, ask({ caller: 'app' }))).detail.reason).toBe('NoGrant');
  });

  it('prefers a grant whose conditions are met to one in audit mode', () => {
    const rules = rulesFor({ name: 'lenient', mode: 'audit', claims: { sub: 'a' } }, { name: 'met' });
    expect(decide(rules, ask({ claims: { sub: 'b' } }))).toMatchObject({ allowed: { grant: 'met' } });
  });

  it('gives no longer than the grant, and says so', () => {
    const rules = rulesFor({ maxDurationSeconds: 1800 });
    expect(authorize(rules, ask()).durationSeconds).toBe(1800);
    const { code, detail } = expectRefusal(() => authorize(rules, ask({}, { durationSeconds: 1801 })));
    expect([code, detail.reason]).toEqual(['InvalidDuration', 'DurationTooLong']);
  });

  it('refuses a remaining time that no credentials of this duration can have', () => {
    const wanting = (minimumRemainingSeconds: number) =>
      authorize(rulesFor({ maxDurationSeconds: 1800 }), ask({}, { minimumRemainingSeconds } as never));
    expect(wanting(1800)).toMatchObject({ durationSeconds: 1800, minimumRemainingSeconds: 1800 });
    expect(expectRefusal(() => wanting(1801))).toMatchObject({
      code: 'InvalidParameter',
      message: 'minimumRemainingSeconds must be at most 1800 here.',
      detail: { parameter: 'minimumRemainingSeconds' },
    });
  });

  it('asks the JSON API’s callers for a policy where the grant has none', () => {
    const federate = (grant: object, request: object) =>
      authorize(
        rulesFor({ operations: ['GetFederationToken'], accepts: ['policy'], ...grant }),
        ask({}, request as never),
      );
    const request = { operation: 'GetFederationToken', name: 'bob' };
    expect(expectRefusal(() => federate({}, request))).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: 'policy' },
    });
    expect(federate({}, { ...request, policy: '{}' })).toMatchObject({ policy: '{}' });
    const own = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    expect(federate({ policy: own }, request)).toMatchObject({ policy: JSON.stringify(own) });
  });

  it.each([
    ['event', 'prod', 'MissingParameter'],
    ['lease', 'prod', 'MissingParameter'],
    // In the words of AWS, a federated user without a policy can do nothing: of another system, and its federation
    // role, that must not become everything.
    ['aws', 'us3', 'MissingParameter'],
    ['ecs', 'us3', 'MissingParameter'],
    ['ecs', 'prod', 'MissingParameter'],
    ['aws', 'prod', undefined],
    ['aws', 'ceph', 'MissingParameter'],
  ])('asked as %s for a federated user without a policy of the account %s, answers %s', (dialect, account, code) => {
    const rules = rulesFor({ operations: ['GetFederationToken'], account, accepts: ['policy'] });
    const request = { operation: 'GetFederationToken', name: 'bob' } as const;
    const federate = (more: object) => authorize(rules, ask({ dialect }, { ...request, ...more } as never));
    if (code === undefined) expect(federate({})).toMatchObject({ operation: 'GetFederationToken' });
    else expect(expectRefusal(() => federate({}))).toMatchObject({ code, detail: { parameter: 'policy' } });
    expect(federate({ policy: '{}' })).toMatchObject({ policy: '{}' });
  });

  it('mints for a federated user by the role of the account, of whatever cloud it is', () => {
    const rules = rulesFor({ operations: ['GetFederationToken'], account: 'ceph', accepts: ['policy'] });
    const request = { operation: 'GetFederationToken', name: 'bob', policy: '{}' } as const;
    expect(authorize(rules, ask({ dialect: 'aws' }, request as never))).toMatchObject({
      operation: 'AssumeRole',
      role: 'arn:aws:iam:::role/federation',
      sessionName: 'bob',
      policy: '{}',
    });
  });

  /** The same, of an account as it is given here. */
  const atAccount = (account: Partial<Account>, request: object, changes: object = {}, dialect = 'json') => {
    const operations = ['AssumeRole', 'AssumeRoleWithWebIdentity', 'GetFederationToken', 'GetSessionToken'];
    const rules = rulesFor({ operations, roles: ['**'], accepts: ['policy'], ...changes });
    const known = { name: 'prod', cloud: 'aws', endpoint: new URL('https://x.example'), ...account };
    const range = () => ({ min: 900, default: 3600, max: 43_200 });
    return authorize({ ...rules, range, accounts: new Map([['prod', known]]) }, ask({ dialect }, request as never));
  };

  it('asks an account with a role for federated users for any other role as it was asked', () => {
    const account = { federationRole: 'role/federation' };
    expect(atAccount(account, { role: 'role/a' })).toMatchObject({ operation: 'AssumeRole', role: 'role/a' });
    expect(atAccount(account, { operation: 'GetSessionToken' })).toMatchObject({ operation: 'GetSessionToken' });
  });

  it.each([
    ['aws', 'none'],
    ['json', 'MissingParameter'],
    ['lease', 'MissingParameter'],
  ])('of a federated user without a policy is the authority’s own affair, asked as %s: %s', (dialect, code) => {
    const request = { operation: 'GetFederationToken', name: 'me' };
    expect(refusalCode(() => atAccount({ cloud: 'authority' }, request, {}, dialect))).toBe(code);
    const role = { role: 'role/a' };
    expect(refusalCode(() => atAccount({ cloud: 'authority' }, role, {}, dialect))).toBe('none');
  });

  it('gives a session what its policies allow alone, for an hour at most', () => {
    const session = { kind: 'role' } as Session;
    const asked = ask();
    const question = { ...asked, caller: { ...asked.caller, session } };
    const by = (may: boolean) => authorize({ ...rulesFor({}), sessionMay: () => may }, question);
    expect(by(true)).toMatchObject({ durationSeconds: 3600 });
    expect(expectRefusal(() => by(false))).toMatchObject({
      code: 'AccessDenied',
      message: 'The policy of this session does not allow to ask for this.',
    });
  });

  it('shows the authority the identity token, which it knows itself', () => {
    const webIdentity = {
      operation: 'AssumeRoleWithWebIdentity',
      webIdentityToken: new Secret('a token'),
      providerId: 'issuer',
    };
    expect(atAccount({ cloud: 'authority' }, webIdentity)).toMatchObject({ ...webIdentity, account: 'prod' });
  });

  it.each([
    'role/a',
    'role/a.b',
    'arn:aws:iam::1:role/A_b+c=d,e@f-9',
    'Role of mine',
    'a b c',
    '...',
    'role/..a',
    'a..',
  ])('takes the name of a role that is written plainly: %j', (role) => {
    expect(atAccount({}, { role })).toMatchObject({ role });
  });

  it.each([
    ...['', ' a', 'a ', 'a  b', 'a \u00e9', '\u00e9', 'a\tb', 'a%2fb', 'a*', 'a?', 'a\\b', 'a//b'],
    ...['.', '..', './a', '../a', 'a/.', 'a/..', 'a/./b', 'a/../b', 'a:..', 'a:../b', '..:a', '.:a', 'a/.:b'],
  ])('refuses the name of a role that a cloud may read as another, and the authority may not know: %j', (role) => {
    expect(expectRefusal(() => atAccount({}, { role }))).toMatchObject({
      code: 'InvalidParameter',
      message: 'The name of the role is not written plainly.',
      detail: { parameter: 'role' },
    });
    expect(atAccount({ cloud: 'authority' }, { role })).toMatchObject({ role });
  });

  it.each<[string, () => unknown, string, string, object]>([
    [
      'of which account it is',
      () => authorize(rulesFor({}, { account: 'cos' }), ask()),
      'InvalidParameter',
      'More than one account matches; name one.',
      { parameter: 'account' },
    ],
    [
      'what the account does not have',
      () => authorize({ ...rulesFor({}), range: () => undefined }, ask()),
      'UnsupportedOperation',
      "The account's system has no AssumeRole.",
      {},
    ],
    [
      'which account there is not',
      () => authorize({ ...rulesFor({}), accounts: new Map() }, ask()),
      'Misconfigured',
      'A grant names an account that does not exist.',
      {},
    ],
    [
      'that a policy is missing',
      () => atAccount({ federationRole: 'role/x' }, { operation: 'GetFederationToken', name: 'me' }),
      'MissingParameter',
      'policy is missing.',
      { parameter: 'policy' },
    ],
    [
      'that the cloud gives nothing so short',
      () => atAccount({}, {}, { maxDurationSeconds: 899 }),
      'AccessDenied',
      'The grant allows a shorter duration only.',
      { reason: 'DurationTooLong', trace: [] },
    ],
    [
      'how long it may be by the grant',
      () => atAccount({}, { durationSeconds: 1801 }, { maxDurationSeconds: 1800 }),
      'InvalidDuration',
      'The duration must be 900 to 1800 seconds here.',
      { parameter: 'durationSeconds', reason: 'DurationTooLong' },
    ],
    [
      'how long it may be by the cloud',
      () => atAccount({}, { durationSeconds: 43_201 }, { maxDurationSeconds: 90_000 }),
      'InvalidDuration',
      'The duration must be 900 to 43200 seconds here.',
      { parameter: 'durationSeconds' },
    ],
    [
      'who has no grant',
      () => authorize(rulesFor({}), ask({ caller: 'app' })),
      'AccessDenied',
      'No grant is for this caller.',
      { reason: 'NoGrant', trace: [] },
    ],
  ])('says %s', (_, act, code, message, detail) => {
    const error = expectRefusal(act);
    expect([error.code, error.message, error.detail]).toEqual([code, message, detail]);
  });

  it('traces five of the grants that came closest', () => {
    const { detail } = expectRefusal(() =>
      authorize(rulesFor(...Array.from({ length: 7 }, () => ({ acr: ['high'] }))), ask()),
    );
    expect(detail.trace?.map(({ grant }) => grant)).toEqual(['grant-0', 'grant-1', 'grant-2', 'grant-3', 'grant-4']);
  });

  it('is of a request as it was asked, with the grant, the account, the caller and the duration', () => {
    const { caller, request } = ask();
    const allowed = { ...request, account: 'prod', grant: 'grant-0', caller, dialect: 'json', durationSeconds: 3600 };
    expect(authorize(rulesFor({}), ask())).toStrictEqual({ ...allowed, durationIsOpen: true });
    const asked = ask({}, { durationSeconds: 900 });
    expect(authorize(rulesFor({}), asked)).toStrictEqual({ ...allowed, durationSeconds: 900 });
    const claims = { sub: 'x' };
    expect(authorize(rulesFor({ claims: { sub: 'x' } }), ask({ claims }))).toMatchObject({
      claimsUsed: { sub: ['x'] },
    });
  });

  it('equals a plain reading of the grants', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    const grants = fc.array(
      fc.record({
        callers: fc.subarray(['ci', 'app'], { minLength: 1 }),
        account: fc.constantFrom('prod', 'cos'),
        operations: fc.subarray(['AssumeRole', 'GetFederationToken'], { minLength: 1 }),
        roles: fc.subarray(['a', 'b', '*'], { minLength: 1 }),
        claims: fc.dictionary(fc.constantFrom('sub', 'env'), word, { maxKeys: 2 }),
        sourceIps: fc.option(fc.constantFrom(['10.0.0.0/8'], ['192.168.1.1']), { nil: undefined }),
        mode: fc.constantFrom('enforce', 'audit'),
        accepts: fc.constant(['policy']),
      }),
      { maxLength: 6 },
    );
    const question = fc.record({
      caller: fc.constantFrom('ci', 'app', 'nobody'),
      account: fc.option(fc.constantFrom('prod', 'cos'), { nil: undefined }),
      operation: fc.constantFrom('AssumeRole', 'GetFederationToken'),
      role: word,
      claims: fc.dictionary(fc.constantFrom('sub', 'env'), word),
      sourceIp: fc.constantFrom('10.1.1.1', '192.168.1.1', '8.8.8.8'),
    });
    fc.assert(
      fc.property(grants, question, (list, q) => {
        const written = list.map(({ sourceIps, ...grant }) => ({ ...grant, ...(sourceIps && { sourceIps }) }));
        const inScope = list.filter(
          (grant) =>
            grant.callers.includes(q.caller) &&
            (q.account === undefined || grant.account === q.account) &&
            grant.operations.includes(q.operation) &&
            (q.operation !== 'AssumeRole' || grant.roles.includes(q.role) || grant.roles.includes('*')),
        );
        const meets = inScope.filter(
          (grant) =>
            Object.entries(grant.claims).every(([name, value]) => q.claims[name] === value) &&
            (grant.sourceIps === undefined ||
              (grant.sourceIps[0] === '10.0.0.0/8' ? q.sourceIp.startsWith('10.') : q.sourceIp === '192.168.1.1')),
        );
        const fitting = meets.length > 0 ? meets : inScope.filter((grant) => grant.mode === 'audit');
        const accounts = new Set(fitting.map((grant) => grant.account));
        const expected =
          accounts.size === 0 ? 'AccessDenied' : accounts.size > 1 ? 'InvalidParameter' : [...accounts][0];

        const request = {
          operation: q.operation,
          ...(q.operation === 'AssumeRole' ? { role: q.role, sessionName: 'x' } : { name: 'x', policy: '{}' }),
          ...(q.account && { account: q.account }),
        };
        let account: string | undefined;
        const code = refusalCode(() => {
          const question = ask({ caller: q.caller, claims: q.claims, sourceIp: q.sourceIp }, request as never);
          account = authorize(rulesFor(...written), question).account;
        });
        expect(account ?? code).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
