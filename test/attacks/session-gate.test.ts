import { describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/core/caller.ts';
import type { TokenRequest } from '../../lib/core/requests.ts';
import {
  authorize,
  authorizeIdentity,
  authorizeLease,
  authorizeLeaseListing,
  type Rules,
} from '../../lib/grants/authorize.ts';
import { assume, ci, openSts, role, statements, type TestSts } from '../support/authority.ts';
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
