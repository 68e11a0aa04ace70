import { formCall } from '../../lib/clouds/form-call.ts';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { HttpRequest, UnsignedRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';

// What every signer in these benchmarks signs: one AssumeRole in the words of each system, with a policy of usual size.

export const now = new Date('2026-11-22T02:34:16Z');
export const timestamp = Math.floor(now.getTime() / 1000);

export const key: AccessKey = {
  id: 'AKIDEXAMPLEFAKE0000000000000000000001',
  secret: new Secret('FAKEexampleSecret0000000000000001'),
};

const policy = JSON.stringify({
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action: ['name/cos:PutObject', 'name/cos:GetObject'],
      resource: ['qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/upload/*'],
    },
  ],
});

const form = (members: Readonly<Record<string, string>>): string => new URLSearchParams(members).toString();

const post: Pick<HttpRequest, 'method' | 'scheme' | 'query'> = { method: 'POST', scheme: 'https', query: '' };

export const awsRequest: HttpRequest = {
  ...post,
  host: 'sts.us-east-1.amazonaws.com',
  path: '/',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: form({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: 'arn:aws:iam::123456789012:role/demo',
    RoleSessionName: 'bench',
    DurationSeconds: '3600',
    Policy: policy,
  }),
};

export const tencentRequest: HttpRequest = {
  ...post,
  host: 'sts.tencentcloudapi.com',
  path: '/',
  headers: {
    'content-type': 'application/json',
    'x-tc-action': 'AssumeRole',
    'x-tc-version': '2018-08-13',
    'x-tc-region': 'ap-guangzhou',
  },
  body: JSON.stringify({
    RoleArn: 'qcs::cam::uin/100000000001:roleName/demo',
    RoleSessionName: 'bench',
    DurationSeconds: 7200,
    Policy: encodeURIComponent(policy),
  }),
};

/** The parameters of API 2.0, before a signer adds those that are its own. */
export const qcloudParams: Readonly<Record<string, string>> = {
  Action: 'AssumeRole',
  Region: 'gz',
  RequestClient: 'SDK_NODEJS_0.2.1',
  roleArn: 'qcs::cam::uin/100000000001:roleName/demo',
  roleSessionName: 'bench',
  durationSeconds: '1800',
  policy: encodeURIComponent(policy),
};

export const qcloudRequest: UnsignedRequest = formCall(
  new URL('https://sts.api.qcloud.com'),
  Object.entries(qcloudParams),
  { path: '/v2/index.php' },
);

export const ucloudParams: Readonly<Record<string, string>> = {
  Action: 'AssumeRole',
  RoleUrn: 'ucs:iam::50000001:role/demo',
  RoleSessionName: 'bench',
  DurationSeconds: '3600',
  Policy: policy,
};

export const authorization = (request: HttpRequest): string => request.headers['authorization'] ?? '';

/** The signature at the end of an Authorization header, of SigV4 and TC3. */
export const signatureOf = (header: string): string => /Signature=([\da-f]{64})$/.exec(header)?.[1] ?? '';
