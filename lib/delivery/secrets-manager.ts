import { formats } from '../clouds/json/formats.ts';
import type { Deliver } from './delivery.ts';
import { refusal } from './refusal.ts';
import type { SecretsManagerSettings } from './settings.ts';

/**
 * A new version of a secret, by PutSecretValue. The token makes it one version, however often it is sent.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export const toSecretsManager: Deliver<SecretsManagerSettings> = async (settings, payload, { aws }, signal) => {
  const { secretId, region, endpoint, format } = settings;
  const reply = await aws('secretsmanager', region, endpoint)(
    'PutSecretValue',
    { SecretId: secretId, ClientRequestToken: payload.version, SecretString: formats[format](payload.content).text },
    signal,
  );
  if ('error' in reply) throw refusal(400, reply.error);
};
