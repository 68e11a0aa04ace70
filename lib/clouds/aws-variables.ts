import type { VariableNames } from '../core/cloud-facts.ts';

/**
 * https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
 * AWS's tools read the S3 of other clouds too.
 */
export const awsVariableNames: VariableNames = {
  accessKeyId: 'AWS_ACCESS_KEY_ID',
  secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
  sessionToken: ['AWS_SESSION_TOKEN'],
  expiration: 'AWS_CREDENTIAL_EXPIRATION',
  region: 'AWS_REGION',
};
