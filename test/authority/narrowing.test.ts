import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grammarsOf } from '../../lib/clouds/catalog.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { tencentV3 } from '../../lib/clouds/tencent-v3/cloud.ts';
import type { PolicyGrammar, Statement } from '../../lib/core/policy.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { permits } from '../../lib/policies/permits.ts';
import { accountIds, arnOf, assume, ci, openSts, role, statements } from '../support/authority.ts';
import { refusalCode } from '../support/expect-refusal.ts';
import { ask, rulesFor } from '../support/rules.ts';

const allow = (action: string, resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
});

describe('session policies', () => {
  const pattern = fc.constantFrom('*', 's3:*', 's3:Get*', 's3:GetObject', 'sts:AssumeRole', 'S3:PUT?BJECT');
  const resource = fc.constantFrom('*', 'arn:a', 'arn:*', 'arn:b*', 'arn:?');
  const statement: fc.Arbitrary<Statement> = fc.record({
    effect: fc.constantFrom('allow', 'deny'),
    actions: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    exceptActions: fc.boolean(),
    resources: fc.array(resource, { minLength: 1, maxLength: 2 }),
    exceptResources: fc.boolean(),
    conditional: fc.boolean(),
  });
  const policy = fc.array(statement, { maxLength: 3 });

  it('only narrow: what is permitted with one more is permitted without it, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.array(policy, { maxLength: 3 }),
        policy,
        fc.nat(3),
        fc.constantFrom('s3:GetObject', 's3:PutObject', 'sts:AssumeRole', 'ec2:RunInstances'),
        fc.constantFrom('arn:a', 'arn:b', 'arn:bc', 'urn:c'),
        (policies, more, place, action, on) => {
          const longer = policies.toSpliced(place, 0, more);
          if (permits(longer, action, on)) expect(permits(policies, action, on)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('permit nothing if a policy is empty', () => {
    expect(permits([[]], 's3:GetObject', 'arn:a')).toBe(false);
  });

  it('bind the chain: a session that may not assume a role cannot', () => {
    const sts = openSts([role('first'), role('second', { trust: ['role:first'] })]);
    const go = (policy: unknown) => {
      const first = sts.holder(sts.ask(ci, assume('first', { policy: JSON.stringify(policy) })));
      return refusalCode(() => sts.ask(first, assume('second')));
    };
    expect(go(allow('sts:AssumeRole', arnOf('second')))).toBe('none');
    expect(go(allow('*', '*'))).toBe('none');
    expect(go(allow('s3:*', '*'))).toBe('AccessDenied');
    expect(go(allow('sts:AssumeRole', arnOf('other')))).toBe('AccessDenied');
  });

  it('deny a role by whichever of its names it is asked for', () => {
    const sts = openSts([role('first'), role('second', { trust: ['role:first'], aliases: ['the-second'] })]);
    const but = (denied: string) => ({
      Version: '2012-10-17',
      Statement: [...allow('*', '*').Statement, { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: denied }],
    });
    const names = [arnOf('second'), 'the-second', `ucs:iam::55:role/second`, 'urn:ecs:iam::s3:role/second'];
    const go = (denied: string, asked: string) => {
      const first = sts.holder(sts.ask(ci, assume('first', { policy: JSON.stringify(but(denied)) })));
      return refusalCode(() => sts.ask(first, assume('second', { role: asked })));
    };
    expect(names.map((asked) => go(arnOf('second'), asked))).toEqual(names.map(() => 'AccessDenied'));
    expect(names.map((asked) => go(arnOf('other'), asked))).toEqual(names.map(() => 'none'));
  });

  it('deny a role of Tencent by its number as by its name', () => {
    const sts = openSts([role('first'), role('second', { trust: ['role:first'] })]);
    const [byName = '', byNumber = ''] = tencentV3.naming.roles(
      '1001',
      'second',
      tencentV3.naming.identifier('role', '1001 second'),
    );
    const go = (denied: string, name: string) => {
      const policy = JSON.stringify({
        version: '2.0',
        statement: [
          { effect: 'allow', action: '*', resource: '*' },
          { effect: 'deny', action: 'sts:AssumeRole', resource: denied },
        ],
      });
      const asked = { ...assume('first', { policy }), role: 'qcs::cam::uin/1001:roleName/first' };
      const first = sts.holder(sts.ask(ci, asked, 'tencent-v3'));
      return refusalCode(() => sts.ask(first, { ...assume('second'), role: name }, 'tencent-v3'));
    };
    for (const name of [byName, byNumber]) {
      expect(go(byNumber, name)).toBe('AccessDenied');
      // The authority knows that neither is a name of another role.
      expect(go('qcs::cam::uin/1001:roleName/first', name)).toBe('none');
      expect(go('qcs::cam::uin/1001:role/4611686018427397919', name)).toBe('none');
    }
  });

  it('bind what a session asks of a cloud as well', () => {
    const sts = openSts([role('first')]);
    const deploy = 'arn:aws:iam::123456789012:role/deploy';
    const rules = { ...rulesFor({ callers: ['session'] }), sessionMay: sts.authority.lets };
    const go = (policy?: object) => {
      const asked = policy === undefined ? assume('first') : assume('first', { policy: JSON.stringify(policy) });
      const caller = sts.holder(sts.ask(ci, asked));
      return refusalCode(() => authorize(rules, { ...ask({}, { role: deploy }), caller }));
    };
    expect(go()).toBe('none');
    expect(go(allow('sts:AssumeRole', deploy))).toBe('none');
    expect(go(allow('sts:AssumeRole', arnOf('other')))).toBe('AccessDenied');
    expect(go(allow('s3:GetObject', '*'))).toBe('AccessDenied');
  });

  it("do not add to what the role's own policy gives", () => {
    const iam = statements('iam', allow('s3:GetObject', '*'));
    const sts = openSts([role('first', { policies: { iam } }), role('second', { trust: ['role:first'] })]);
    for (const policy of [undefined, JSON.stringify(allow('*', '*'))]) {
      const first = sts.holder(sts.ask(ci, assume('first', policy === undefined ? {} : { policy })));
      expect(refusalCode(() => sts.ask(first, assume('second')))).toBe('AccessDenied');
    }
  });

  it('are not got round by asking in the words of a system for which the role has none', () => {
    const iam = statements('iam', allow('s3:GetObject', '*'));
    const sts = openSts([role('first', { policies: { iam } }), role('second', { trust: ['role:first'] })]);
    const cam = { ...assume('first'), role: 'qcs::cam::uin/1001:roleName/first' };
    const first = sts.holder(sts.ask(ci, cam, 'tencent-v3'));
    expect(first.session?.dialect).toBe('tencent-v3');
    expect(refusalCode(() => sts.ask(first, assume('second')))).toBe('AccessDenied');
  });
});

describe('a lease', () => {
  const { authority } = openSts([role('demo')]);
  /** Whether a session of a dialect may read the lease `demo`, by the effects and resources of its policy. */
  const may = (dialect: string, ...effects: readonly (readonly [allows: boolean, resource: string])[]): boolean => {
    const grammar = clouds.find(({ id }) => id === dialect)?.naming.grammar;
    const example = grammar?.example as Readonly<Record<string, unknown>>;
    const isCam = grammar?.name === 'cam';
    const written = effects.map(([allows, resource]) =>
      isCam
        ? { effect: allows ? 'allow' : 'deny', action: '*', resource }
        : { Effect: allows ? 'Allow' : 'Deny', Action: '*', Resource: resource },
    );
    const policy = JSON.stringify({ ...example, [isCam ? 'statement' : 'Statement']: written });
    const caller = 'ci';
    const [issuedAt, expiration] = [new Date(0), new Date(1)];
    return authority.lets(
      { kind: 'user', accessKeyId: 'ASIA', caller, dialect, name: caller, policies: [policy], issuedAt, expiration },
      { actions: ['credmint:ReadLease', 'credmint:lease:read'], lease: 'demo' },
    );
  };
  const dialects = ['aws', 'tencent-v3', 'ucloud', 'alibaba', 'volcengine', 'huawei'] as const;
  const named = (dialect: (typeof dialects)[number], lease: string, where = '::', service = 'credmint'): string =>
    ({
      aws: `arn:aws:${service}:${where}lease/${lease}`,
      'tencent-v3': `qcs::${service}:${where}lease/${lease}`,
      ucloud: `ucs:${service}:${where}lease/${lease}`,
      alibaba: `acs:${service}:${where}lease/${lease}`,
      volcengine: `trn:${service}:${where}lease/${lease}`,
      huawei: `${service}:${where}lease:${lease}`,
    })[dialect];

  it.each(dialects)('is given by its name in the words of %s, and by no other', (dialect) => {
    expect(may(dialect, [true, named(dialect, 'demo')])).toBe(true);
    expect(may(dialect, [true, named(dialect, 'd*o')])).toBe(true);
    expect(may(dialect, [true, named(dialect, 'other')])).toBe(false);
    // What gives is about what it names alone.
    expect(may(dialect, [true, named(dialect, 'demo', 'eu-1:123:')])).toBe(false);
  });

  it.each(dialects)('is denied in the words of %s in whatever region, account and service', (dialect) => {
    const denied = (resource: string) => !may(dialect, [true, '*'], [false, resource]);
    for (const where of ['::', 'eu-1:123:', '*:*:']) {
      expect(denied(named(dialect, 'demo', where))).toBe(true);
      // The grammar of AWS takes no wildcard for a service.
      if (dialect !== 'aws') expect(denied(named(dialect, 'd*', where, '*'))).toBe(true);
      expect(denied(named(dialect, 'other', where))).toBe(false);
      expect(denied(named(dialect, 'demo', where, 's3'))).toBe(false);
    }
    expect(denied(named(dialect, 'demo', 'eu-1:123:', ''))).toBe(true);
  });
});

describe('a session policy', () => {
  const [cam, iam] = [tencentV3.grammar.example, allow('s3:*', '*')];

  it.each(clouds.map((cloud) => [cloud.id, cloud] as const))(
    'is in the grammar of the cloud spoken: %s',
    (id, cloud) => {
      const sts = openSts([role('demo')]);
      const accountId = Object.entries(accountIds).find(([each]) => each === id)?.[1] ?? '';
      const [named = ''] = cloud.naming.roles(accountId, 'demo', '1');
      const ask = ({ example }: PolicyGrammar) =>
        refusalCode(() => sts.ask(ci, { ...assume('demo'), role: named, policy: JSON.stringify(example) }, id));
      for (const grammar of grammarsOf(clouds).values()) {
        // A plain policy of UCloud is one of Alibaba Cloud's RAM too; no other is one of two grammars.
        const alsoRam = grammar.name === 'ucloud' && cloud.grammar.name === 'ram';
        const code =
          grammar === cloud.grammar || alsoRam ? 'none' : expect.stringMatching(/^(Malformed|Invalid)Policy/);
        expect(ask(grammar), grammar.name).toEqual(code);
      }
    },
  );

  it('is said to be wrong in the way that it is', () => {
    const sts = openSts([role('demo')]);
    const ask = (policy: string) => refusalCode(() => sts.ask(ci, assume('demo', { policy })));
    expect(ask('not json')).toBe('MalformedPolicy');
    expect(ask('[]')).toBe('MalformedPolicy');
    expect(ask('{"Version":"2012-10-17"}')).toBe('MalformedPolicy');
    expect(ask(JSON.stringify(allow('everything', '*')))).toBe('InvalidPolicy');
    expect(ask(JSON.stringify(allow('s3:*', 'my-bucket')))).toBe('InvalidPolicyResource');
    const named = { ...allow('s3:*', '*').Statement[0], Principal: '*' };
    expect(ask(JSON.stringify({ Version: '2012-10-17', Statement: [named] }))).toBe('InvalidPolicy');
  });

  it('narrows a federated user too, and must be one of the grammar', () => {
    const sts = openSts([]);
    const ask = (policy: string) => sts.ask(ci, { operation: 'GetFederationToken', name: 'bob', policy });
    expect(sts.holder(ask(JSON.stringify(iam))).session?.policies).toEqual([JSON.stringify(iam)]);
    expect(refusalCode(() => ask(JSON.stringify(cam)))).toBe('MalformedPolicy');
  });

  it('is not looked up: managed policies are refused rather than dropped', () => {
    const sts = openSts([role('demo')]);
    const policyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess'];
    expect(refusalCode(() => sts.ask(ci, assume('demo', { policyArns })))).toBe('InvalidParameter');
    expect(refusalCode(() => sts.ask(ci, { operation: 'GetFederationToken', name: 'bob', policyArns }))).toBe(
      'InvalidParameter',
    );
  });

  it('has room in the token, or is refused, so that no token is issued which no request could carry', () => {
    const sts = openSts([role('demo')]);
    const ask = (count: number) => {
      const Resource = Array.from(
        { length: count },
        (_, index) => `arn:aws:s3:::${Buffer.from(`${index * 7919}`).toString('hex')}`,
      );
      const policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }],
      });
      return sts.ask(ci, assume('demo', { policy }));
    };
    expect(ask(100).sessionToken.reveal().length).toBeLessThan(6 * 1024);
    expect(refusalCode(() => ask(1500))).toBe('PolicyTooLarge');
  });
});
