import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCam } from '../../lib/policies/cam.ts';
import { permits } from '../../lib/policies/permits.ts';

interface CosHelper {
  getPolicy(scope: readonly object[]): object;
}
const { getPolicy } = createRequire(import.meta.url)('qcloud-cos-sts') as CosHelper;

const statement = {
  effect: 'allow',
  action: ['name/cos:PutObject'],
  resource: ['qcs::cos:ap-beijing:uid/123456:prefix//123456/bucketA/*'],
};

const policy = (changes: object, document: object = {}): string =>
  JSON.stringify({ version: '2.0', statement: [{ ...statement, ...changes }], ...document });

/** The whole reading, where the text is a policy. */
const statements = (text: string) => {
  const reading = readCam(text);
  if ('fault' in reading) throw new Error(reading.why);
  return reading.statements;
};

describe('the CAM grammar', () => {
  it('reads the policy of the page of GetFederationToken', () => {
    expect(readCam(policy({}))).toEqual({
      statements: [
        {
          effect: 'allow',
          actions: ['cos:PutObject'],
          exceptActions: false,
          resources: ['qcs::cos:ap-beijing:uid/123456:prefix//123456/bucketA/*'],
          exceptResources: false,
          conditional: false,
        },
      ],
    });
  });

  it('reads one statement, action or resource without its list, as the page of 3.0 writes them', () => {
    const text = '{"version":"2.0","statement":{"effect":"deny","action":"sts:AssumeRole","resource":"*"}}';
    expect(statements(text)).toMatchObject([{ effect: 'deny', actions: ['sts:AssumeRole'], resources: ['*'] }]);
  });

  it('takes both spellings of an operation for one', () => {
    const may = (action: string) => permits([statements(policy({ action, resource: '*' }))], 'sts:AssumeRole', 'any');
    expect(['name/sts:AssumeRole', 'sts:AssumeRole', 'name/sts:*', 'sts:*', '*', 'name/*'].map(may)).toEqual(
      Array(6).fill(true),
    );
    expect(['name/cos:*', 'sts:AssumeRoleWith*'].map(may)).toEqual([false, false]);
  });

  it('takes a set of operations for nothing where it allows, and for all where it denies', () => {
    const allow = statements(policy({ action: ['permid/280655'], resource: '*' }));
    const deny = statements(policy({ effect: 'deny', action: ['permid/280655'], resource: '*' }));
    const all = statements(policy({ action: '*', resource: '*' }));
    expect(permits([allow], 'sts:AssumeRole', 'any')).toBe(false);
    expect(permits([[...all, ...deny]], 'sts:AssumeRole', 'any')).toBe(false);
  });

  it('notes that a condition stands with a statement, and reads no further into it', () => {
    const condition = { ip_equal: { 'qcs:ip': ['10.217.182.3/24', '111.21.33.72/24'] } };
    expect(statements(policy({ condition }))).toMatchObject([{ conditional: true }]);
  });

  it("reads what the vendor's COS helper writes, principal and all", () => {
    const scope = [
      { action: 'name/cos:PutObject', bucket: 'test-1250000000', region: 'ap-guangzhou', prefix: 'exampleobject' },
      { action: ['name/cos:GetService'], bucket: 'test-1250000000', region: 'ap-guangzhou', prefix: '*' },
      { action: 'name/cos:GetService', bucket: '', region: '', prefix: '' },
    ];
    expect(JSON.stringify(getPolicy(scope))).toContain('"principal":{"qcs":"*"}');
    expect(statements(JSON.stringify(getPolicy(scope)))).toMatchObject([
      {
        actions: ['cos:PutObject'],
        resources: ['qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/test/exampleobject'],
      },
      { actions: ['cos:GetService'] },
      { resources: ['*'] },
    ]);
  });

  it.each([
    ['of the statement, in a list', policy({ principal: { qcs: ['*'] } })],
    ['of the document', policy({}, { principal: { qcs: '*' } })],
  ])('passes over a principal that names nobody: %s', (_where, text) => {
    expect(statements(text)).toHaveLength(1);
  });

  it.each([
    ['a user', { qcs: ['qcs::cam::uin/1:uin/2'] }],
    ['a user besides', { qcs: ['*', 'qcs::cam::uin/1:uin/2'] }],
    ['nobody in another way', { qcs: [] }],
    ['a service', { service: 'cos.qcloud.com' }],
    ['a service besides', { qcs: '*', service: '*' }],
    ['everybody', '*'],
    ['null', null],
  ])('refuses a principal that names %s', (_whom, principal) => {
    expect(readCam(policy({ principal }))).toMatchObject({ fault: 'element' });
    expect(readCam(policy({}, { principal }))).toMatchObject({ fault: 'element' });
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a JSON text that is no object', '["statement"]'],
    ['a policy still URL-encoded', encodeURIComponent(policy({}))],
    ['no version', JSON.stringify({ statement: [statement] })],
    ['the version as a number', policy({}, { version: 2 })],
    ['the version of IAM', policy({}, { version: '2012-10-17' })],
    ['no statement', JSON.stringify({ version: '2.0' })],
    ['an empty list of statements', policy({}, { statement: [] })],
    ['a statement that is no object', policy({}, { statement: ['allow'] })],
    ['an element in upper case', policy({ Effect: 'allow' })],
    ['an element of IAM', policy({ sid: 'one' })],
    ['an unknown element of the document', policy({}, { id: 'one' })],
    ['the grammar of IAM', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
    ['a name that objects inherit', `{"__proto__":{},${policy({}).slice(1)}`],
  ])('finds no policy in %s', (_what, text) => {
    expect(readCam(text)).toMatchObject({ fault: 'syntax' });
  });

  it.each([
    ['no effect', { effect: undefined }],
    ['an effect in upper case', { effect: 'Allow' }],
    ['no action', { action: undefined }],
    ['an empty list of actions', { action: [] }],
    ['an action without a service', { action: 'PutObject' }],
    ['an action of another prefix', { action: 'names/cos:PutObject' }],
    ['an action that is no text', { action: [7] }],
    ['no resource', { resource: undefined }],
    ['an empty list of resources', { resource: [] }],
    ['a condition that is a list', { condition: [] }],
    ['a condition whose operator is no object', { condition: { ip_equal: 'qcs:ip' } }],
  ])('finds an element amiss in a statement with %s', (_what, changes) => {
    expect(readCam(policy(changes))).toMatchObject({ fault: 'element' });
  });

  it.each([
    'qcs::cos:ap-beijing:uid/123456',
    'qcs::cos:ap-beijing:uid/123456:',
    'qcs:cos:bucket',
    'arn:aws:s3:::bucket',
    'qcs::cos:ap beijing:uid/1:x',
    'bucket/*',
    '',
    '**',
  ])('finds a resource amiss that is written %j', (resource) => {
    expect(readCam(policy({ resource }))).toMatchObject({ fault: 'resource' });
  });

  it.each([
    'qcs::qcisa::uin/90000000000:qcisa/bigCustomerDetail',
    'qcs::cam::uin/12345678:roleName/testRoleName',
    'qcs::cos:*:*:*',
    'qcs:0:cvm:ap-guangzhou:uin/1:instance/ins-1:with:colons',
    'qcs::cam::uin/1:roleName/测试 角色',
  ])('takes the resource %j', (resource) => {
    expect(statements(policy({ resource }))).toMatchObject([{ resources: [resource] }]);
  });

  it('says nothing of the text in its faults', () => {
    const secret = 'AKIDsecretsecretsecret';
    for (const text of [secret, policy({ effect: secret }), policy({ [secret]: 1 }), policy({ resource: secret })]) {
      expect(readCam(text)).toHaveProperty('fault');
      expect(JSON.stringify(readCam(text))).not.toContain(secret);
    }
  });

  it('reads any JSON at all without a crash', () => {
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom('*', 'allow', 'cos:*', '2.0', 'qcs::cos:::x'));
    const item = fc.record(
      { effect: part, action: part, resource: part, condition: part, principal: part },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.record({ version: fc.constant('2.0'), statement: fc.oneof(item, fc.array(item)) }), (document) => {
        const reading = readCam(JSON.stringify(document));
        return 'fault' in reading || reading.statements.length > 0;
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => 'fault' in readCam(text)));
  });
});
