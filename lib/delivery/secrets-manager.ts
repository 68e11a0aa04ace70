import { hash } from 'node:crypto';
import { formats } from '../clouds/json/formats.ts';
import type { Deliver } from './delivery.ts';
import { refusal } from './refusal.ts';
import type { SecretsManagerSettings } from './settings.ts';

/** Under one token, other content is a ResourceExistsException for ever: the token depends on what is sent. */
const tokenOf = (version: string, text: string): string => hash('sha256', JSON.stringify([version, text]), 'hex');

/**
 * A new version of a secret, by PutSecretValue. The token makes it one version, however often it is sent.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export const toSecretsManager: Deliver<SecretsManagerSettings> = async (settings, payload, { aws }, signal) => {
  const { secretId, region, endpoint, format } = settings;
  const { text } = formats[format](payload.content);
  const reply = await aws('secretsmanager', region, endpoint)(
    'PutSecretValue',
    { SecretId: secretId, ClientRequestToken: tokenOf(payload.version, text), SecretString: text },
    signal,
  );
  if ('error' in reply) throw refusal(400, reply.error);
};
