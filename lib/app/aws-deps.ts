import type { AwsDeps } from '../aws/json.ts';
import type { RuntimeIdentity } from '../identity/runtime-identity.ts';
import { runtimeKey } from '../identity/runtime-key.ts';
import type { ProcessDeps } from './deps.ts';

/** What calls to AWS in this process's own name are made with. Without a source, each call is rejected. */
export const awsDepsOf = (
  source: RuntimeIdentity | undefined,
  { transport, now }: Pick<ProcessDeps, 'transport' | 'now'>,
): AwsDeps => ({
  transport,
  now,
  credentials:
    source === undefined
      ? () => Promise.reject(new Error('This process has no AWS credentials of its own.'))
      : runtimeKey(source, { transport, now }),
});
