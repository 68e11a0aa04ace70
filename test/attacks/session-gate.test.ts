import { describe, expect, it } from 'vitest';
import { clouds } from '../../lib/clouds/dialects.ts';
import type { Caller } from '../../lib/core/caller.ts';
import type { TokenRequest } from '../../lib/core/requests.ts';
import { authorize, type Rules } from '../../lib/grants/authorize.ts';
import { authorizeIdentity, authorizeLease, authorizeLeaseListing } from '../../lib/grants/authorize-reading.ts';
import { sessionLets } from '../../lib/grants/session-gate.ts';
import { accountIds, assume, ci, openSts, role, statements, type TestSts } from '../support/authority.ts';
import { refusalCode } from '../support/expect-refusal.ts';
import { ask, rulesFor } from '../support/rules.ts';

// The holder of a session asks for what its own policies do not give, by another operation, account or spelling.

const deploy = 'arn:aws:iam::123456789012:role/deploy';
const session = {
  callers: ['session'],
  operations: ['AssumeRole', 'GetFederationToken', 'GetSessionToken', 'GetCallerIdentity', 'ReadLease', 'ListLeases'],
  leases: ['**'],
  accepts: ['policy'],
};
const rulesOf = (sts: TestSts): Rules => ({ ...rulesFor(session), sessionMay: sts.authority.lets });

const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
const policyOf = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const deny = (Action: string, Resource = '*') => policyOf(allow, { Effect: 'Deny', Action, Resource });

const sts = openSts([role('first')]);
const holder = (policy?: string): Caller =>
  sts.holder(sts.ask(ci, assume('first', policy === undefined ? {} : { policy })));
const federated = (policy?: string): Caller =>
  sts.holder(sts.ask(ci, { operation: 'GetFederationToken', name: 'me', ...(policy === undefined ? {} : { policy }) }));
const user = (): Caller => sts.holder(sts.ask(ci, { operation: 'GetSessionToken' }));

const lease: TokenRequest<'ReadLease'> = { operation: 'ReadLease', lease: 'demo', account: 'prod' };
const identity: TokenRequest<'GetCallerIdentity'> = { operation: 'GetCallerIdentity', account: 'prod' };

const sees = (rules: Rules, caller: Caller): boolean =>
  authorizeLeaseListing(rules, { ...ask(), caller, request: { operation: 'ListLeases' } }).sees('demo', 'prod');

const outcomes = (caller: Caller) => {
  const rules = rulesOf(sts);
  const question = { ...ask(), caller };
  const policy = policyOf(allow);
  return {
    AssumeRole: refusalCode(() => authorize(rules, question)),
    GetFederationToken: refusalCode(() =>
      authorize(rules, {
        ...question,
        request: { operation: 'GetFederationToken', account: 'prod', name: 'me', policy },
      }),
    ),
    GetSessionToken: refusalCode(() =>
      authorize(rules, { ...question, request: { operation: 'GetSessionToken', account: 'prod' } }),
    ),
    ReadLease: refusalCode(() => authorizeLease(rules, { ...question, request: lease })),
    ListLeases: sees(rules, caller) ? 'none' : 'AccessDenied',
    GetCallerIdentity: refusalCode(() => authorizeIdentity(rules, { ...question, request: identity })),
  };
};
const permanentKeysOnly = { GetFederationToken: 'AccessDenied', GetSessionToken: 'AccessDenied' };
const everything = {
  AssumeRole: 'none',
  ...permanentKeysOnly,
  ReadLease: 'none',
  ListLeases: 'none',
  GetCallerIdentity: 'none',
};
const nothing = {
  AssumeRole: 'AccessDenied',
  ...permanentKeysOnly,
  ReadLease: 'AccessDenied',
  ListLeases: 'AccessDenied',
  GetCallerIdentity: 'AccessDenied',
};

describe('at a cloud account', () => {
  it('a session may ask for what its policies give, and never for what takes a permanent key', () => {
    expect(outcomes(holder())).toEqual(everything);
    expect(outcomes(holder(policyOf(allow)))).toEqual(everything);
    expect(outcomes(user())).toEqual(everything);
    expect(outcomes(federated(policyOf(allow)))).toEqual(everything);
  });

  it('a session whose policy gives nothing has nothing, whatever the operation', () => {
    expect(outcomes(holder(policyOf({ ...allow, Effect: 'Deny' })))).toEqual(nothing);
    expect(outcomes(holder(policyOf({ ...allow, Action: 's3:*' })))).toEqual(nothing);
    expect(outcomes(federated())).toEqual(nothing);
  });

  it.each([
    ['sts:AssumeRole', deploy, 'AssumeRole'],
    ['credmint:ReadLease', '*', 'ReadLease'],
    ['credmint:ReadLease', 'arn:aws:credmint:::lease/demo', 'ReadLease'],
    ['credmint:ListLeases', 'arn:aws:credmint:::lease/demo', 'ListLeases'],
    ['credmint:ReadLease', 'arn:aws:credmint:eu-west-1:123456789012:lease/demo', 'ReadLease'],
    ['sts:GetCallerIdentity', 'arn:aws:sts::*:*', 'GetCallerIdentity'],
    ['sts:GetCallerIdentity', 'arn:aws:sts::123456789012:federated-user/me', 'GetCallerIdentity'],
  ])('a denial of %s on %s is heard', (action, resource, operation) => {
    expect(outcomes(holder(deny(action, resource)))).toEqual({ ...everything, [operation]: 'AccessDenied' });
  });

  it('a denial of another lease or role is of no other', () => {
    expect(outcomes(holder(deny('credmint:ReadLease', 'arn:aws:credmint:::lease/other')))).toEqual(everything);
    expect(outcomes(holder(deny('sts:AssumeRole', 'arn:aws:iam::123456789012:role/other')))).toEqual(everything);
  });

  it('an hour is the most that a session obtains, by whatever way', () => {
    const seconds = (caller: Caller, durationSeconds?: number) => {
      const question = { ...ask({}, durationSeconds === undefined ? {} : { durationSeconds }), caller };
      try {
        return authorize(rulesOf(sts), question).durationSeconds;
      } catch {
        return 'refused';
      }
    };
    for (const chained of [holder(), federated(policyOf(allow))]) {
      expect([3600, 3601, 43_200].map((asked) => seconds(chained, asked))).toEqual([3600, 'refused', 'refused']);
      expect(seconds(chained)).toBe(3600);
    }
    expect(seconds(user(), 43_200)).toBe(43_200);
  });
});

describe('a role of a cloud account', () => {
  const go = (policy: string, role: string, dialect: string, account = 'prod') => {
    const caller = sts.holder(sts.ask(ci, { ...assume('first', { policy }), role: firstIn(dialect) }, dialect));
    const request = { ...assume('x'), role, account };
    return refusalCode(() =>
      authorize(
        { ...rulesFor({ ...session, roles: ['**'] }), sessionMay: sts.authority.lets },
        { ...ask(), caller, request },
      ),
    );
  };
  const firstIn = (dialect: string): string =>
    dialect === 'tencent-v3' ? 'qcs::cam::uin/1001:roleName/first' : 'arn:aws:iam::123456789012:role/first';
  const cam = (resource: string, action = 'sts:AssumeRole') =>
    JSON.stringify({
      version: '2.0',
      statement: [
        { effect: 'allow', action: '*', resource: '*' },
        { effect: 'deny', action, resource },
      ],
    });

  it.each([
    ['arn:aws:iam::9:role/admin', 'arn:aws:iam::9:role/admin'],
    ['arn:aws:iam::9:role/admin', 'arn:aws:iam::9:role/ADMIN'],
    ['arn:aws:iam::9:role/admin', 'ARN:AWS:IAM::9:ROLE/admin'],
    ['arn:aws:iam::9:role/team/admin', 'arn:aws:iam::9:role/admin'],
    ['arn:aws:iam::9:role/admin', 'arn:aws:iam::9:role/team/admin'],
    ['arn:aws:iam::9:role/admin', 'arn:aws:iam:::role/admin'],
    ['urn:ecs:iam::9:role/admin', 'arn:aws:iam::9:role/admin'],
    ['arn:aws:iam::9:role/admin', 'urn:ecs:iam::9:role/admin'],
    ['arn:aws:iam::9:role/admin', 'acs:ram::9:role/admin'],
    ['arn:aws:iam::9:role/admin', 'trn:iam::9:role/Admin'],
    ['arn:aws:iam::9:role/admin', 'ucs:iam::9:role/admin'],
    ['arn:aws:iam::9:role/admin', 'iam::9:agency:admin'],
    ['arn:aws:iam::9:role/a*n', 'qcs::cam::uin/9:roleName/admin'],
    // Nobody here knows which name the id is of.
    ['arn:aws:iam::9:role/admin', 'qcs::cam::uin/9:role/4611686018427397919'],
  ])('that is denied as %s is not assumed as %s', (denied, asked) => {
    expect(go(deny('sts:AssumeRole', denied), asked, 'aws')).toBe('AccessDenied');
  });

  it.each([
    ['qcs::cam::uin/9:roleName/admin', 'qcs::cam::uin/9:role/4611686018427397919'],
    ['qcs::cam::uin/9:role/4611686018427397919', 'qcs::cam::uin/9:roleName/admin'],
    ['qcs::cam::uin/9:roleName/admin', 'qcs::cam::uin/9:rolename/Admin'],
  ])('that is denied as %s is not assumed as %s, in the words of Tencent Cloud', (denied, asked) => {
    expect(go(cam(denied), asked, 'tencent-v3')).toBe('AccessDenied');
  });

  it.each([
    '%61dmin',
    'team/../admin',
    './admin',
    'admin ',
    '\u0430dmin',
    'adm\u00adin',
    '*',
    'x\\admin',
    'team//admin',
  ])('is not asked for as %s, whatever is denied', (name) => {
    expect(go(policyOf(allow), `arn:aws:iam::9:role/${name}`, 'aws')).toBe('InvalidParameter');
  });

  it.each([
    'arn:aws:iam::9:role/other',
    'arn:aws:iam::8:role/admin',
    'arn:aws:iam::9:role/admin/other',
    'qcs::cam::uin/8:role/4611686018427397919',
  ])('that is not denied is: %s', (asked) => {
    expect(go(deny('sts:AssumeRole', 'arn:aws:iam::9:role/admin'), asked, 'aws')).toBe('none');
  });

  it('is no other that everything but one is allowed, in no spelling', () => {
    const policy = policyOf({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:iam::9:role/admin' });
    expect(go(policy, 'arn:aws:iam::9:role/Admin', 'aws')).toBe('AccessDenied');
    expect(go(policy, 'arn:aws:iam::9:role/other', 'aws')).toBe('none');
  });

  it('is allowed as it is named alone', () => {
    const policy = policyOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::9:role/low' });
    expect(go(policy, 'arn:aws:iam::9:role/low', 'aws')).toBe('none');
    for (const asked of ['LOW', 'team/low']) {
      expect(go(policy, `arn:aws:iam::9:role/${asked}`, 'aws')).toBe('AccessDenied');
    }
  });
});

describe('a denial in the words of each system', () => {
  const huawei = (action: string, resource?: string) => ({
    Version: '5.0',
    Statement: [
      { Effect: 'Allow', Action: ['*'] },
      { Effect: 'Deny', Action: [action], ...(resource === undefined ? {} : { Resource: [resource] }) },
    ],
  });
  const ram = (action: string, resource: string) => ({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: action, Resource: resource },
    ],
  });
  const volcengine = (action: string, resource: string) => ({ Statement: ram(action, resource).Statement });
  const roles = {
    huawei: `iam::d0123456789abcdef0123456789abcde:agency:first`,
    alibaba: 'acs:ram::1234567890123456:role/first',
    volcengine: 'trn:iam::2100000001:role/first',
    'tencent-v3': 'qcs::cam::uin/1001:roleName/first',
    ucloud: 'ucs:iam::55:role/first',
  };
  const cam = (action: string, resource: string) => ({
    version: '2.0',
    statement: [
      { effect: 'allow', action: '*', resource: '*' },
      { effect: 'deny', action, resource },
    ],
  });
  const go = (dialect: keyof typeof roles, policy: object): readonly string[] => {
    const asked = { ...assume('first', { policy: JSON.stringify(policy) }), role: roles[dialect] };
    const caller = sts.holder(sts.ask(ci, asked, dialect));
    const rules = rulesOf(sts);
    return [
      refusalCode(() => authorize(rules, { ...ask(), caller })),
      refusalCode(() => authorizeLease(rules, { ...ask(), caller, request: lease })),
    ];
  };

  it.each<[keyof typeof roles, string, object]>([
    ['huawei', 'the role', huawei('sts:agencies:assume')],
    ['huawei', 'the lease', huawei('credmint:lease:read', 'credmint:::lease:demo')],
    ['alibaba', 'the role', ram('sts:AssumeRole', '*')],
    ['alibaba', 'the lease', ram('credmint:ReadLease', 'acs:credmint:::lease/demo')],
    ['volcengine', 'the role', volcengine('sts:AssumeRole', '*')],
    ['tencent-v3', 'the role', cam('name/sts:AssumeRole', '*')],
    ['tencent-v3', 'the lease', cam('credmint:ReadLease', 'qcs::credmint:::lease/demo')],
    ['ucloud', 'the role', ram('sts:AssumeRole', '*')],
    ['ucloud', 'the lease', ram('credmint:ReadLease', 'ucs:credmint:::lease/demo')],
    ['volcengine', 'the lease', volcengine('credmint:*', 'trn:credmint:::lease/de*')],
  ])('of %s is heard: %s', (dialect, what, policy) => {
    expect(go(dialect, policy)).toEqual(what === 'the role' ? ['AccessDenied', 'none'] : ['none', 'AccessDenied']);
  });
});

const raise = (): never => {
  throw new Error('There is none.');
};
const inWords = (Resource: string, action = 'sts:AssumeRole') => [allow, { Effect: 'Deny', Action: action, Resource }];
/** Everything but to assume a role, in each grammar. */
const denying = {
  iam: (resource: string) => ({ Version: '2012-10-17', Statement: inWords(resource) }),
  ram: (resource: string) => ({ Version: '1', Statement: inWords(resource) }),
  ucloud: (resource: string) => ({ Version: '1', Statement: inWords(resource) }),
  volcengine: (resource: string) => ({ Statement: inWords(resource) }),
  huawei: (resource: string) => ({ Version: '5.0', Statement: inWords(resource, 'sts:agencies:assume') }),
  cam: (resource: string) => ({
    version: '2.0',
    statement: [
      { effect: 'allow', action: '*', resource: '*' },
      { effect: 'deny', action: 'sts:AssumeRole', resource },
    ],
  }),
};

it.each(['sts:*:*', '*:*:*'])('a denial of all of sts in three parts is heard, whatever is asked: %s', (action) => {
  const policy = JSON.stringify({ Version: '5.0', Statement: inWords('*', action) });
  const caller = sts.holder(
    sts.ask(ci, { ...assume('first', { policy }), role: `iam::${accountIds.huawei}:agency:first` }, 'huawei'),
  );
  const token: TokenRequest = { operation: 'IssueToken', audiences: ['https://a.example'] };
  for (const request of [assume('x'), identity, token]) {
    expect(sessionLets(sts.authority.lets, caller, request), request.operation).toBe(false);
  }
});

describe('a role', () => {
  // Every text that names the role `admin` of the tests' authority.
  const names = [
    'arn:aws:iam::123456789012:role/admin',
    'urn:ecs:iam::s3:role/admin',
    'qcs::cam::uin/1001:roleName/admin',
    'ucs:iam::55:role/admin',
    'the-admin',
  ];
  const document = (denied: string) => JSON.parse(deny('sts:AssumeRole', denied));

  it.each(names.slice(0, 2))('that is denied as %s cannot be assumed in the words of another system', (denied) => {
    const iam = statements('iam', document(denied));
    const narrowed = openSts([
      role('demo', { policies: { iam } }),
      role('admin', { trust: ['*'], aliases: ['the-admin'] }),
      role('other', { trust: ['*'] }),
    ]);
    for (const [dialect, demo] of [
      ['ecs', 'urn:ecs:iam::s3:role/demo'],
      ['aws', 'arn:aws:iam::123456789012:role/demo'],
    ] as const) {
      const caller = narrowed.holder(narrowed.ask(ci, { ...assume('demo'), role: demo }, dialect));
      const go = (text: string) => refusalCode(() => narrowed.ask(caller, { ...assume('demo'), role: text }, dialect));
      expect(names.map(go)).toEqual(names.map(() => 'AccessDenied'));
      expect(go('urn:ecs:iam::s3:role/other')).toBe('none');
    }
  });

  it.each([
    ['tencent-v3', 'qcs::cam:::roleName/admin'],
    ['tencent-v3', 'qcs::::uin/1001:*'],
    ['tencent-v3', 'qcs::cam::uin/1001:roleName/ADMIN'],
    ['tencent-v3', 'qcs::cam::uin/$\u007bowner_uin}:roleName/admin'],
    ['ucloud', 'ucs:iam:::role/admin'],
    ['ucloud', 'ucs:iam::$\u007bcompany}:role/admin'],
    ['alibaba', 'acs:ram:::role/admin'],
    ['volcengine', 'trn:iam:::role/admin'],
    ['huawei', 'iam:::agency:admin'],
    ['aws', 'arn:aws:iam:::role/admin'],
    ['aws', 'arn:aws-cn:iam::123456789012:role/admin'],
    ['ecs', 'arn:aws:iam::s3:role/admin'],
  ] as const)('of our own that is denied loosely is denied: %s, %s', (dialect, denied) => {
    const own = openSts([role('first'), role('admin', { trust: ['*'] }), role('other', { trust: ['*'] })]);
    const { naming } = clouds.find(({ id }) => id === dialect) ?? raise();
    const named = (name: string) => naming.roles(accountIds[dialect], name, '')[0] ?? raise();
    const policy = JSON.stringify(denying[naming.grammar.name as keyof typeof denying](denied));
    const caller = own.holder(own.ask(ci, { ...assume('first', { policy }), role: named('first') }, dialect));
    const go = (name: string) => refusalCode(() => own.ask(caller, { ...assume('x'), role: named(name) }, dialect));
    expect([go('admin'), denied.endsWith('*') || denied.includes('${') ? 'none' : go('other')]).toEqual([
      'AccessDenied',
      'none',
    ]);
  });

  it.each([
    'qcs::cam::uin/9:*/admin',
    'qcs::*::uin/9:roleName/admin',
    'qcs::cam::uin/9:r?le*/admin',
    'qcs:::::roleName/admin',
  ])('that is asked for by its id is denied by what may deny its name: %s', (denied) => {
    const policy = JSON.stringify(denying.cam(denied));
    const asked = { ...assume('first', { policy }), role: 'qcs::cam::uin/1001:roleName/first' };
    const { session: held = raise() } = sts.holder(sts.ask(ci, asked, 'tencent-v3'));
    const may = (role: string) => sts.authority.lets(held, { actions: ['sts:AssumeRole'], role });
    expect(may('qcs::cam::uin/9:role/4611686018427397919')).toBe(false);
    expect(may('qcs::cam::uin/9:roleName/other')).toBe(true);
  });

  it('that is denied in one edition of an API cannot be assumed in the other', () => {
    const ids = { aws: '123456789012', 'tencent-v2': '2002', 'tencent-v3': '1001', ucloud: '55', ecs: 's3' };
    const cam = statements('cam', {
      version: '2.0',
      statement: [
        { effect: 'allow', action: '*', resource: '*' },
        { effect: 'deny', action: 'sts:AssumeRole', resource: 'qcs::cam::uin/1001:roleName/admin' },
      ],
    });
    const narrowed = openSts([role('demo', { policies: { cam } }), role('admin', { trust: ['*'] })], undefined, ids);
    const caller = narrowed.holder(
      narrowed.ask(ci, { ...assume('demo'), role: 'qcs::cam::uin/2002:roleName/demo' }, 'tencent-v2'),
    );
    const go = (text: string) =>
      refusalCode(() => narrowed.ask(caller, { ...assume('demo'), role: text }, 'tencent-v2'));
    expect(go('qcs::cam::uin/2002:roleName/admin')).toBe('AccessDenied');
    expect(go('qcs::cam::uin/1001:roleName/admin')).toBe('AccessDenied');
  });
});
