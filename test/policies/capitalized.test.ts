import { describe, expect, it } from 'vitest';
import type { PolicyGrammar } from '../../lib/core/policy.ts';
import { huaweiGrammar } from '../../lib/policies/huawei.ts';
import { permits } from '../../lib/policies/permits.ts';
import { ramGrammar } from '../../lib/policies/ram.ts';
import { volcengineGrammar } from '../../lib/policies/volcengine.ts';

const faultOf = ({ read }: PolicyGrammar, document: object): string | undefined => {
  const reading = read(JSON.stringify(document));
  return 'fault' in reading ? reading.fault : undefined;
};
const allow = (Action: unknown, Resource?: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  ...(Resource === undefined ? {} : { Resource }),
  ...more,
});
const ram = (...Statement: object[]) => ({ Version: '1', Statement });
const huawei = (...Statement: object[]) => ({ Version: '5.0', Statement });
const volcengine = (...Statement: object[]) => ({ Statement });

describe('a policy of Alibaba Cloud, Volcengine or Huawei Cloud', () => {
  it.each([
    ['RAM', ramGrammar, ram(allow(['oss:Get*', 'ecs:DescribeInstances'], ['acs:oss:*:*:b/*', '*']))],
    ['RAM with exceptions', ramGrammar, ram({ Effect: 'Deny', NotAction: 'oss:*', NotResource: '*' })],
    [
      'RAM with a condition',
      ramGrammar,
      ram(allow('*', '*', { Condition: { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } } })),
    ],
    ['Volcengine', volcengineGrammar, volcengine(allow(['tos:GetObject'], ['trn:tos:::b/*']))],
    ['Volcengine without a resource', volcengineGrammar, volcengine(allow('tos:*'))],
    ['Huawei', huaweiGrammar, huawei(allow(['obs:object:getObject'], ['obs:*:*:object:b/*'], { Sid: 'one' }))],
    ['Huawei without a resource', huaweiGrammar, huawei(allow('cts:*:*'))],
  ])('is read: %s', (_what, grammar, document) => {
    expect(faultOf(grammar, document)).toBeUndefined();
  });

  it.each([
    ['RAM of another version', ramGrammar, { ...ram(allow('*', '*')), Version: '2' }, 'syntax'],
    ['RAM without a version', ramGrammar, { Statement: [allow('*', '*')] }, 'syntax'],
    ['RAM without a resource', ramGrammar, ram(allow('*')), 'element'],
    ['RAM with an ARN of AWS', ramGrammar, ram(allow('oss:*', 'arn:aws:s3:::b/*')), 'resource'],
    ['RAM with a principal', ramGrammar, ram(allow('*', '*', { Principal: '*' })), 'element'],
    ['Volcengine with a version', volcengineGrammar, { ...volcengine(allow('*')), Version: '1' }, 'syntax'],
    ['Volcengine with exceptions', volcengineGrammar, volcengine({ Effect: 'Allow', NotAction: 'tos:*' }), 'syntax'],
    ['Volcengine with another resource', volcengineGrammar, volcengine(allow('tos:*', 'acs:oss:*:*:b')), 'resource'],
    ['Huawei of another version', huaweiGrammar, { ...huawei(allow('*')), Version: '1.1' }, 'syntax'],
    ['Huawei with an action of two parts', huaweiGrammar, huawei(allow('obs:getObject')), 'element'],
    ['Huawei with both kinds of action', huaweiGrammar, huawei(allow('*', '*', { NotAction: '*' })), 'element'],
    ['Huawei with a condition that is none', huaweiGrammar, huawei(allow('*', '*', { Condition: 'x' })), 'element'],
    ['Huawei with an unknown element', huaweiGrammar, huawei(allow('*', '*', { Sorry: 'x' })), 'syntax'],
  ])('is refused: %s', (_what, grammar, document, fault) => {
    expect(faultOf(grammar, document)).toBe(fault);
  });

  it('is about every resource if its grammar lets it name none', () => {
    const reading = volcengineGrammar.read(JSON.stringify(volcengine(allow('sts:AssumeRole'))));
    if ('fault' in reading) throw new Error(reading.why);
    expect(permits([reading.statements], 'sts:AssumeRole', 'trn:iam::1:role/any')).toBe(true);
    expect(permits([reading.statements], 'tos:GetObject', 'trn:iam::1:role/any')).toBe(false);
  });
});
