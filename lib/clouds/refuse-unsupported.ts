import { StsError } from '../core/errors.ts';
import { type CloudRequest, type Narrowing, narrowings } from '../core/requests.ts';

/**
 * Refuses a request that says what the cloud cannot be told. To leave it out would mint something else than what was
 * allowed: a session without its policy, or without the tags that its role's policy asks for.
 */
export const refuseUnsupported = (request: CloudRequest, accepted: readonly Narrowing[]): void => {
  const asked: { readonly [Name in Narrowing]?: unknown } = request;
  for (const name of narrowings) {
    if (asked[name] !== undefined && !accepted.includes(name)) {
      throw new StsError('InvalidParameter', `The account's system cannot be told ${name} in ${request.operation}.`);
    }
  }
};
