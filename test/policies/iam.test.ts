import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIam } from '../../lib/policies/iam.ts';
import { permits } from '../../lib/policies/permits.ts';

const policy = (statement: object, rest: object = { Version: '2012-10-17' }): string =>
  JSON.stringify({ ...rest, Statement: [statement] });
const plain = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' };

describe('a policy of AWS IAM', () => {
  it('is read with all that its grammar has', () => {
    const text = JSON.stringify({
      Version: '2012-10-17',
      Id: 'id',
      Statement: [
        { Sid: 'one', Effect: 'Allow', Action: ['s3:Get*', 's3:ListBucket'], Resource: 'arn:aws:s3:::bucket/*' },
        {
          Effect: 'Deny',
          NotAction: 'iam:*',
          NotResource: ['*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
    expect(readIam(text)).toEqual({
      statements: [
        {
          effect: 'allow',
          actions: ['s3:Get*', 's3:ListBucket'],
          exceptActions: false,
          resources: ['arn:aws:s3:::bucket/*'],
          exceptResources: false,
          conditional: false,
        },
        {
          effect: 'deny',
          actions: ['iam:*'],
          exceptActions: true,
          resources: ['*'],
          exceptResources: true,
          conditional: true,
        },
      ],
    });
  });

  it('is taken at its worst where it names resources by variables', () => {
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    const named = 'arn:aws:iam::123456789012:role/${aws:username}';
    const may = (...statements: object[]) => {
      const reading = readIam(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
      return 'fault' in reading
        ? reading.why
        : permits([reading.statements], 'sts:AssumeRole', 'arn:aws:iam::123456789012:role/ann');
    };
    expect(may(everything, { Effect: 'Deny', Action: '*', Resource: 'arn:aws:iam::123456789012:role/bob' })).toBe(true);
    expect([
      may(everything),
      may({ ...everything, Resource: named }),
      may({ Effect: 'Allow', Action: '*', NotResource: named }),
      may(everything, { Effect: 'Deny', Action: '*', Resource: named }),
      may(everything, { Effect: 'Deny', Action: '*', NotResource: named }),
    ]).toEqual([true, false, false, false, false]);
  });

  it.each([
    policy(plain, {}),
    policy(plain, { Version: '2008-10-17' }),
    policy({ ...plain, Action: '*', Resource: '*' }),
    policy({ ...plain, Action: '*:*', Resource: ['arn:aws:logs:*', 'arn:aws:s3:*', 'arn:aws:iam::*'] }),
    policy({ ...plain, Resource: 'urn:ecs:iam::ns1:role/demo' }),
    policy({ ...plain, Resource: 'arn:aws:iam::123456789012:role/path/a b' }),
  ])('may be %s', (text) => {
    expect(readIam(text)).toHaveProperty('statements');
  });

  it.each([
    ['no JSON', 'x', 'syntax'],
    ['a text', '"x"', 'syntax'],
    ['another Version', policy(plain, { Version: '1' }), 'syntax'],
    ['an element in small letters', policy(plain, { version: '2012-10-17' }), 'syntax'],
    ['a member twice', policy(plain).replace('{', '{"Version":"2012-10-17",'), 'syntax'],
    ['no Statement', '{"Version":"2012-10-17"}', 'syntax'],
    ['no statements', '{"Version":"2012-10-17","Statement":[]}', 'syntax'],
    ['an unknown element in a Statement', policy({ ...plain, Actions: [] }), 'syntax'],
    ['a Principal', policy({ ...plain, Principal: '*' }), 'element'],
    ['a NotPrincipal', policy({ ...plain, NotPrincipal: { AWS: '*' } }), 'element'],
    ['no Effect', policy({ ...plain, Effect: undefined }), 'element'],
    ['Action and NotAction', policy({ ...plain, NotAction: 's3:*' }), 'element'],
    ['neither Action nor NotAction', policy({ ...plain, Action: undefined }), 'element'],
    ['an Action without its service', policy({ ...plain, Action: 'GetObject' }), 'element'],
    ['Resource and NotResource', policy({ ...plain, NotResource: '*' }), 'element'],
    ['a Condition that is a list', policy({ ...plain, Condition: [] }), 'element'],
    ['a Resource that is no ARN', policy({ ...plain, Resource: 'bucket' }), 'resource'],
    ['an ARN cut short', policy({ ...plain, Resource: 'arn:aws:s3' }), 'resource'],
    ['an ARN cut short behind a colon', policy({ ...plain, Resource: 'arn:aws:logs:eu-west-1' }), 'resource'],
    ['an ARN with any service', policy({ ...plain, Resource: 'arn:aws:*:*' }), 'resource'],
    ['an ARN that ends with its service', policy({ ...plain, Resource: 'arn:aws:s*' }), 'resource'],
  ])('must not have %s', (_, text, fault) => {
    expect(readIam(text)).toMatchObject({ fault });
  });

  it('reaches beyond the colon by a * that ends a segment', () => {
    const reading = readIam(policy({ Effect: 'Allow', Action: '*:*', Resource: 'arn:aws:logs:*' }));
    const may = (name: string) => 'statements' in reading && permits([reading.statements], 'logs:PutLogEvents', name);
    expect(may('arn:aws:logs:eu-west-1:123456789012:log-group:a')).toBe(true);
    expect(may('arn:aws:s3:::bucket')).toBe(false);
  });

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(() => readIam(text)).not.toThrow();
      }),
    );
  });
});
