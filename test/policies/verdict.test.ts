import { describe, expect, it } from 'vitest';
import type { Statement } from '../../lib/core/policy.ts';
import { familiesOf } from '../../lib/policies/families.ts';
import { verdictOf } from '../../lib/policies/verdict.ts';

const statement = (effect: 'allow' | 'deny', part: Partial<Statement> = {}): Statement => ({
  effect,
  actions: ['cos:*'],
  exceptActions: false,
  resources: ['*'],
  exceptResources: false,
  conditional: false,
  ...part,
});
const [allow, deny] = [statement('allow'), statement('deny')];
const [perhaps, perhapsNot] = [statement('allow', { conditional: true }), statement('deny', { conditional: true })];
const other = statement('allow', { actions: ['s3:*'] });

describe('what a policy says of an action', () => {
  it.each<[string, readonly Statement[], object]>([
    ['nothing at all', [], { kind: 'not mentioned' }],
    ['nothing of it', [other], { kind: 'not mentioned' }],
    ['that it is allowed, by the first that says so', [other, allow, allow], { kind: 'allowed', statement: 2 }],
    ['that it is denied, whatever is allowed', [allow, perhaps, deny, deny], { kind: 'denied', statement: 3 }],
    ['that it depends, if only a condition allows it', [other, perhaps], { kind: 'unknown', statement: 2 }],
    ['that it is allowed, also without the condition', [perhaps, allow], { kind: 'allowed', statement: 2 }],
    ['that it depends, if a condition denies it', [allow, perhapsNot], { kind: 'unknown', statement: 2 }],
    ['nothing, if a condition denies what is not allowed', [perhapsNot], { kind: 'not mentioned' }],
    ['nothing of another resource', [statement('allow', { resources: ['x'] })], { kind: 'not mentioned' }],
    [
      'that all other resources are allowed',
      [statement('allow', { resources: ['x'], exceptResources: true })],
      { kind: 'allowed', statement: 1 },
    ],
  ])('is %s', (_says, statements, verdict) => {
    expect(verdictOf(statements, 'COS:PutObject', 'bucket/key')).toEqual(verdict);
  });
});

describe('the actions that are used together', () => {
  const namesOf = (action: string): readonly string[] => familiesOf(action).map(({ name }) => name);

  it('are those of the service that uploads', () => {
    const cos = ['a multipart upload to COS', 'an upload to COS by a form', 'an upload to COS at once'];
    for (const action of ['cos:PutObject', 'name/cos:UploadPart', 'COS:postobject', 'cos:AbortMultipartUpload']) {
      expect(namesOf(action)).toEqual(cos);
    }
    expect(familiesOf('cos:UploadPart').flatMap(({ actions }) => actions)).toEqual([
      'cos:InitiateMultipartUpload',
      'cos:UploadPart',
      'cos:CompleteMultipartUpload',
      'cos:ListMultipartUploads',
      'cos:ListParts',
      'cos:AbortMultipartUpload',
      'cos:PostObject',
      'cos:PutObject',
    ]);
    expect(namesOf('s3:PutObject')).toEqual(['a multipart upload to S3']);
    expect(familiesOf('s3:ListMultipartUploadParts')[0]?.actions).toEqual([
      's3:PutObject',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
    ]);
  });

  it('are none of an action that uploads nothing', () => {
    for (const action of ['cos:GetObject', 's3:name/PutObject', 'x:PutObject', '']) expect(namesOf(action)).toEqual([]);
  });
});
