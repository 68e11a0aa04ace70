import { type AwsDeps, type AwsReply, awsCall } from '../../aws/json.ts';
import { StsError } from '../../core/errors.ts';
import { runtimeKey } from '../../identity/runtime-key.ts';
import { member } from '../../wire/json.ts';
import type { ReferenceDeps } from './deps.ts';
import type { AwsSecrets, SecretSources } from './sources.ts';

/**
 * The value of a parameter of Systems Manager; undefined if there is none.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
const parameterText = async (
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
const secretText = async (
  { region, secretsManager: endpoint }: AwsSecrets,
  id: string,
  deps: AwsDeps,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const call = awsCall({ name: 'secretsmanager', region, endpoint }, deps);
  const reply = await call('GetSecretValue', { SecretId: id }, signal);
  return textOf(reply, (result) => member(result, 'SecretString'));
};

const asked =
  (read: typeof parameterText) =>
  ({ aws }: SecretSources, deps: ReferenceDeps) => {
    if (aws === undefined) return undefined;
    const awsDeps = { ...deps, credentials: runtimeKey(aws.source, deps) };
    return (name: string, signal: AbortSignal) => read(aws, name, awsDeps, signal);
  };

/** The parameters of Systems Manager that this process may read; undefined if the environment names no region or key. */
export const parameters = asked(parameterText);

/** The same of Secrets Manager. */
export const secrets = asked(secretText);

const textOf = (reply: AwsReply, read: (result: unknown) => unknown): string | undefined => {
  if ('result' in reply) {
    const value = read(reply.result);
    return typeof value === 'string' ? value : undefined;
  }
  if (/^(ParameterNotFound|ResourceNotFoundException)$/.test(reply.error)) return undefined;
  throw new StsError('Misconfigured', `A secret of the configuration cannot be read (${reply.error}).`);
};
