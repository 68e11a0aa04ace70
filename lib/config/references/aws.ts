import { type AwsDeps, type AwsReply, awsCall } from '../../aws/json.ts';
import { StsError } from '../../core/errors.ts';
import { member } from '../../wire/json.ts';
import type { AwsSecrets } from './sources.ts';

/**
 * The value of a parameter of Systems Manager; undefined if there is none.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export const parameterText = async (
  { region, ssm: endpoint }: AwsSecrets,
  name: string,
  deps: AwsDeps,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const call = awsCall({ name: 'ssm', region, endpoint }, deps);
  const reply = await call('GetParameter', { Name: name, WithDecryption: true }, signal);
  return textOf(reply, (result) => member(member(result, 'Parameter'), 'Value'));
};

/**
 * The text of a secret of Secrets Manager; undefined if there is none.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export const secretText = async (
  { region, secretsManager: endpoint }: AwsSecrets,
  id: string,
  deps: AwsDeps,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const call = awsCall({ name: 'secretsmanager', region, endpoint }, deps);
  const reply = await call('GetSecretValue', { SecretId: id }, signal);
  return textOf(reply, (result) => member(result, 'SecretString'));
};

const textOf = (reply: AwsReply, read: (result: unknown) => unknown): string | undefined => {
  if ('result' in reply) {
    const value = read(reply.result);
    return typeof value === 'string' ? value : undefined;
  }
  if (/^(ParameterNotFound|ResourceNotFoundException)$/.test(reply.error)) return undefined;
  throw new StsError('Misconfigured', `A secret of the configuration cannot be read (${reply.error}).`);
};
