import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';

/** What a request may say besides whom and how long. Each binds the credentials to less. */
const sayings = [
  'policy',
  'policyArns',
  'tags',
  'transitiveTagKeys',
  'externalId',
  'sourceIdentity',
  'serialNumber',
  'tokenCode',
] as const;

type Saying = (typeof sayings)[number];

/**
 * Refuses a request that says what the system cannot be told. To leave it out would mint something other than what was
 * allowed: a session without its policy, or without the tags that its role's policy asks for.
 */
export const refuseUnsupported = (request: MintRequest, sayable: readonly Saying[]): void => {
  const said: { readonly [Name in Saying]?: unknown } = request;
  for (const name of sayings) {
    if (said[name] !== undefined && !sayable.includes(name)) {
      throw new StsError('InvalidParameter', `The account's system cannot be told ${name} in ${request.operation}.`);
    }
  }
};
