import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Gateway } from '../../core/platform-identity.ts';
import { textOf } from '../event-text.ts';

/** The API of AWS that an event came through. */
export const awsGateway = (event: Record<string, unknown>): Gateway | undefined => {
  const id = textOf(event, 'requestContext', 'apiId');
  return id === undefined
    ? undefined
    : { platform: 'aws', id, ...omitUndefined({ account: textOf(event, 'requestContext', 'accountId') }) };
};
