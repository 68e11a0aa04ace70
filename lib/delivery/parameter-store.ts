import { formats } from '../clouds/json/formats.ts';
import type { Deliver } from './delivery.ts';
import { refusal } from './refusal.ts';
import type { ParameterStoreSettings } from './settings.ts';

/**
 * A SecureString of the Parameter Store, by PutParameter. Session tokens can be longer than the 4 KiB of a standard
 * parameter, so the service chooses the tier.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export const toParameterStore: Deliver<ParameterStoreSettings> = async (settings, payload, { aws }, signal) => {
  const { parameter, region, kmsKeyId, endpoint, format } = settings;
  const reply = await aws('ssm', region, endpoint)(
    'PutParameter',
    {
      Name: parameter,
      Value: formats[format](payload.content).text,
      Type: 'SecureString',
      Tier: 'Intelligent-Tiering',
      Overwrite: true,
      KeyId: kmsKeyId,
    },
    signal,
  );
  if ('error' in reply) throw refusal(400, reply.error);
};
