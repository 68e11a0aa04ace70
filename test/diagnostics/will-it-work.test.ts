import { describe, expect, it } from 'vitest';
import { willItWork } from '../../lib/diagnostics/will-it-work.ts';
import { camGrammar } from '../../lib/policies/cam.ts';
import { iamGrammar } from '../../lib/policies/iam.ts';

const object = 'qcs::cos:ap-guangzhou:uid/1:site-1/a.txt';
const cam = (...statements: readonly object[]): string =>
  JSON.stringify({ version: '2.0', statement: statements.map((one) => ({ effect: 'allow', resource: '*', ...one })) });
const ask = (policy: string, action = 'name/cos:PutObject') => willItWork(camGrammar, [policy], action, object);

describe('whether an action will work', () => {
  it.each([
    ['allowed by statement 2', [{ action: 'cos:GetObject' }, { action: 'name/cos:Put*' }], true],
    ['denied by statement 2', [{ action: '*' }, { effect: 'deny', action: 'cos:PutObject' }], false],
    ['not mentioned', [{ action: 'cos:GetObject' }], false],
    [
      'unknown: the condition of statement 1 decides',
      [{ action: 'cos:PutObject', condition: { ip_equal: { 'qcs:ip': '10.0.0.1' } } }],
      false,
    ],
    [
      'unknown: the condition of statement 2 decides',
      [{ action: '*' }, { effect: 'deny', action: '*', condition: { ip_equal: { 'qcs:ip': '10.0.0.1' } } }],
      false,
    ],
  ])('says that it is %s', (words, statements, isAllowed) => {
    const forecast = ask(cam(...statements));
    expect(forecast.lines[0]).toContain(words);
    expect(forecast.isAllowed).toBe(isAllowed);
  });

  it('names the actions that a family lacks', () => {
    const { lines } = ask(cam({ action: ['cos:PutObject', 'cos:InitiateMultipartUpload', 'cos:UploadPart'] }));
    expect(lines).toContain(
      'For a multipart upload to COS it lacks cos:CompleteMultipartUpload, cos:ListMultipartUploads, cos:ListParts, cos:AbortMultipartUpload.',
    );
    expect(lines).toContain('For an upload to COS by a form it lacks cos:PostObject.');
    const s3 = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
    });
    expect(willItWork(iamGrammar, [s3], 's3:PutObject', 'arn:aws:s3:::b/a').lines).toContain(
      'For a multipart upload to S3 it lacks s3:AbortMultipartUpload, s3:ListMultipartUploadParts.',
    );
  });

  it('lets the most restrictive of two policies decide, and says that the role’s own is not seen', () => {
    const policies = [cam({ action: '*' }), cam({ action: 'cos:GetObject' })];
    const { isAllowed, lines } = willItWork(camGrammar, policies, 'cos:PutObject', object);
    expect(isAllowed).toBe(false);
    expect(lines.at(-1)).toContain("role's own policy at the cloud is not seen");
  });
});
