import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUcloud } from '../../lib/policies/ucloud.ts';

const policy = (statement: object, rest: object = { Version: '1' }): string =>
  JSON.stringify({ ...rest, Statement: [statement] });
const plain = { Effect: 'Allow', Action: ['uhost:DescribeUHostInstance'], Resource: ['*'] };

describe('a policy of UCloud', () => {
  it('is read as its pages show it', () => {
    const text = JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['uhost:TerminateUHostInstance', 'uhost:DeleteIsolationGroup'],
          Resource: ['ucs:uhost:*:123:instance/uhost-xxx'],
        },
        { Effect: 'Deny', Action: ['*'], Resource: ['*'] },
      ],
    });
    expect(readUcloud(text)).toEqual({
      statements: [
        {
          effect: 'allow',
          actions: ['uhost:TerminateUHostInstance', 'uhost:DeleteIsolationGroup'],
          exceptActions: false,
          resources: ['ucs:uhost:*:123:instance/uhost-xxx'],
          exceptResources: false,
          conditional: false,
        },
        {
          effect: 'deny',
          actions: ['*'],
          exceptActions: false,
          resources: ['*'],
          exceptResources: false,
          conditional: false,
        },
      ],
    });
  });

  it('may have a lone text for a list of one, a lone statement, and URNs with empty parts', () => {
    const text = '{"Version":"1","Statement":{"Effect":"Allow","Action":"us3:*","Resource":"ucs:iam::123:role/demo"}}';
    expect(readUcloud(text)).toMatchObject({
      statements: [{ actions: ['us3:*'], resources: ['ucs:iam::123:role/demo'] }],
    });
  });

  it.each([
    ['no JSON', 'BhQicCmh', 'syntax'],
    ['a list', '[]', 'syntax'],
    ['no Version', policy(plain, {}), 'syntax'],
    ['a Version that is a number', policy(plain, { Version: 1 }), 'syntax'],
    ['the Version of another grammar', policy(plain, { Version: '2012-10-17' }), 'syntax'],
    ['an unknown element', policy(plain, { Version: '1', Id: 'x' }), 'syntax'],
    ['a member twice', policy(plain).replace('{', '{"Version":"1",'), 'syntax'],
    ['no Statement', '{"Version":"1"}', 'syntax'],
    ['an empty Statement', '{"Version":"1","Statement":[]}', 'syntax'],
    ['a Statement that is a text', '{"Version":"1","Statement":["x"]}', 'syntax'],
    ['a Condition', policy({ ...plain, Condition: {} }), 'syntax'],
    ['a Principal', policy({ ...plain, Principal: '*' }), 'syntax'],
    ['NotAction', policy({ ...plain, NotAction: ['a:b'] }), 'syntax'],
    ['no Effect', policy({ ...plain, Effect: undefined }), 'element'],
    ['an Effect in small letters', policy({ ...plain, Effect: 'allow' }), 'element'],
    ['no Action', policy({ ...plain, Action: undefined }), 'element'],
    ['an empty Action', policy({ ...plain, Action: [] }), 'element'],
    ['an Action without its product', policy({ ...plain, Action: ['DescribeUHostInstance'] }), 'element'],
    ['an Action that is a number', policy({ ...plain, Action: [1] }), 'element'],
    ['no Resource', policy({ ...plain, Resource: undefined }), 'element'],
    ['a Resource of another grammar', policy({ ...plain, Resource: ['arn:aws:s3:::bucket'] }), 'resource'],
    ['a Resource cut short', policy({ ...plain, Resource: ['ucs:uhost:*'] }), 'resource'],
  ])('must not have %s', (_, text, fault) => {
    expect(readUcloud(text)).toMatchObject({ fault });
  });

  it('is refused without a word of it', () => {
    const reading = readUcloud(policy({ ...plain, Action: ['topsecret'] }));
    expect(JSON.stringify(reading)).not.toContain('topsecret');
  });

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(() => readUcloud(text)).not.toThrow();
      }),
    );
  });
});
