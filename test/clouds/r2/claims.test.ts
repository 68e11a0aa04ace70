import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../../lib/clouds/r2/claims.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

const bucket = 'arn:aws:s3:::my-bucket';
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const reading = ['GetObject', 'HeadObject'];

describe('a policy, as a token of R2 says it', () => {
  it.each([
    ['every object', allow('s3:GetObject', `${bucket}/*`), { actions: reading }],
    [
      'a prefix',
      allow('s3:GetObject', `${bucket}/data/*`),
      { actions: reading, paths: { prefixPaths: ['data/'], objectPaths: [] } },
    ],
    [
      'one object',
      allow('s3:GetObject', `${bucket}/data/a b.txt`),
      { actions: reading, paths: { prefixPaths: [], objectPaths: ['data/a b.txt'] } },
    ],
    [
      'prefixes and objects',
      allow('s3:DeleteObject', [`${bucket}/a/*`, `${bucket}/b`]),
      { actions: ['DeleteObject', 'DeleteObjects'], paths: { prefixPaths: ['a/'], objectPaths: ['b'] } },
    ],
    ['the list of a bucket', allow('s3:ListBucket', bucket), { actions: ['ListObjectsV1', 'ListObjectsV2'] }],
    [
      'reading and listing a bucket',
      allow(['s3:GetObject', 's3:ListBucket'], [bucket, `${bucket}/*`]),
      { actions: ['GetObject', 'HeadObject', 'ListObjectsV1', 'ListObjectsV2'] },
    ],
    [
      'writing, which is no right to copy',
      allow('s3:PutObject', `${bucket}/*`),
      { actions: ['CompleteMultipartUpload', 'CreateMultipartUpload', 'PutObject', 'UploadPart'] },
    ],
  ])('allows %s', (_what, statement, claims) => {
    expect(claimsOf(policy(statement))).toEqual({ bucket: 'my-bucket', ...claims });
  });

  it('allows copies to who may read and write', () => {
    const both = allow(['s3:GetObject', 's3:PutObject'], `${bucket}/a/*`);
    expect(claimsOf(policy(both)).actions).toEqual(expect.arrayContaining(['CopyObject', 'UploadPartCopy']));
  });

  it('is one of several statements that allow the same', () => {
    const claims = claimsOf(policy(allow('s3:GetObject', `${bucket}/a/*`), allow('s3:GetObject', `${bucket}/b/*`)));
    expect(claims).toEqual({
      bucket: 'my-bucket',
      actions: reading,
      paths: { prefixPaths: ['a/', 'b/'], objectPaths: [] },
    });
  });

  it.each([
    ['denies', { ...allow('s3:GetObject', `${bucket}/*`), Effect: 'Deny' }],
    ['has a condition', allow('s3:GetObject', `${bucket}/*`, { Condition: { Bool: { a: 'true' } } })],
    ['excepts actions', { Effect: 'Allow', NotAction: 's3:PutObject', Resource: `${bucket}/*` }],
    ['excepts resources', { Effect: 'Allow', Action: 's3:GetObject', NotResource: `${bucket}/*` }],
    ['allows every action', allow('s3:*', [bucket, `${bucket}/*`])],
    ['allows actions by a pattern', allow('s3:Get*', `${bucket}/*`)],
    ['allows what R2 has not', allow('s3:PutBucketPolicy', bucket)],
    ['allows something that an object inherits', allow('constructor:x', bucket)],
    ['is about every bucket', allow('s3:GetObject', '*')],
    ['is about buckets by a pattern', allow('s3:GetObject', 'arn:aws:s3:::my-*/*')],
    ['has a pattern inside of a key', allow('s3:GetObject', `${bucket}/a*b`)],
    ['has a ? in a key', allow('s3:GetObject', `${bucket}/a?`)],
    ['has a variable in a key', allow('s3:GetObject', `${bucket}/\${aws:username}/*`)],
    ['has a prefix that ends inside of a name', allow('s3:GetObject', `${bucket}/data*`)],
    ['allows an action on an object of the bucket alone', allow('s3:GetObject', bucket)],
    ['allows an action on a bucket of objects alone', allow('s3:ListBucket', `${bucket}/*`)],
    ['names objects to which no action applies', allow('s3:ListBucket', [bucket, `${bucket}/*`])],
  ])('is refused if it %s', (_what, statement) => {
    expect(refusalCode(() => claimsOf(policy(statement)))).toBe('InvalidPolicy');
  });

  it.each([
    ['two buckets', [allow('s3:GetObject', `${bucket}/*`), allow('s3:GetObject', 'arn:aws:s3:::other/*')]],
    ['other actions on other paths', [allow('s3:GetObject', `${bucket}/a/*`), allow('s3:PutObject', `${bucket}/b/*`)]],
    [
      'a whole list and a part of the objects',
      [allow('s3:ListBucket', bucket), allow('s3:GetObject', `${bucket}/a/*`)],
    ],
  ])('is refused if it is about %s, which would widen', (_what, statements) => {
    expect(refusalCode(() => claimsOf(policy(...statements)))).toBe('InvalidPolicy');
  });

  it('is refused if it is none', () => {
    expect(refusalCode(() => claimsOf('{'))).toBe('MalformedPolicy');
  });
});
