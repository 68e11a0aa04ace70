import type { JsonPath } from '../../lib/clouds/json/body.ts';
import type { Members } from './schemas.ts';

/** Requests that a laptop's server answers, once the role is one of its own. */
export const examples: Readonly<Record<JsonPath, Members>> = {
  '/assumeRole': {
    role: {
      summary: 'Credentials of a role',
      value: { account: 'aws', roleArn: 'arn:aws:iam::123456789012:role/demo', roleSessionName: 'ci' },
    },
    narrowed: {
      summary: 'For a quarter of an hour, narrowed to one folder',
      value: {
        account: 'aws',
        roleArn: 'arn:aws:iam::123456789012:role/demo',
        roleSessionName: 'ci',
        durationSeconds: 900,
        policy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::releases/*' }],
        },
      },
    },
  },
  '/getFederationToken': {
    federated: {
      summary: 'A federated user of Tencent Cloud who may upload to one folder',
      value: {
        account: 'tencent-v3',
        name: 'release',
        policy: {
          version: '2.0',
          statement: [
            {
              effect: 'allow',
              action: ['name/cos:PutObject'],
              resource: ['qcs::cos:ap-guangzhou:uid/1250000000:releases-1250000000/*'],
            },
          ],
        },
      },
    },
  },
  '/getCallerIdentity': { self: { summary: 'Who the caller is to the built-in authority', value: {} } },
};
