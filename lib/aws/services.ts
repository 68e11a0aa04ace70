/** How the JSON protocol names a service: what stands before the operation in `X-Amz-Target`, and the version. */
interface JsonProtocol {
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

/**
 * The services of AWS that we call, under the names by which requests to them are signed. Targets and versions are those
 * of the services' own models. https://github.com/aws/api-models-aws
 */
export const awsServices = {
  dynamodb: { target: 'DynamoDB_20120810', version: '1.0' },
  events: { target: 'AWSEvents', version: '1.1' },
  kms: { target: 'TrentService', version: '1.1' },
  secretsmanager: { target: 'secretsmanager', version: '1.1' },
  sqs: { target: 'AmazonSQS', version: '1.0' },
  ssm: { target: 'AmazonSSM', version: '1.1' },
} as const satisfies Record<string, JsonProtocol>;

export type AwsServiceName = keyof typeof awsServices;
