import { awsRuntimeIn } from '../identity/find-aws.ts';
import { tencentRuntimeIn } from '../identity/find-tencent.ts';
import type { RuntimeIdentity } from '../identity/runtime-identity.ts';
import type { ConfigContext } from './context.ts';

/** The identity that this process has at a cloud. Reports a fault if its platform can give it none. */
export const runtimeIdentityOf = (
  cloud: string,
  path: string,
  { clouds, environment, fault }: ConfigContext,
): RuntimeIdentity | undefined => {
  const { runtime } = clouds.find(({ id }) => id === cloud) ?? {};
  if (runtime === undefined) {
    fault(path, `is runtime, but no platform gives a process an identity at ${cloud}`);
    return undefined;
  }
  const found = runtime === 'aws' ? awsRuntimeIn(environment) : tencentRuntimeIn(environment);
  if (found === undefined) fault(path, 'is runtime, but the environment names no identity and forbids metadata');
  return found;
};
