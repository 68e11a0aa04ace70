import { type AwsSource, awsCredentials } from '../aws/credentials.ts';
import type { AwsDeps } from '../aws/json.ts';
import type { ProcessDeps } from './deps.ts';

/** What calls to AWS in this process's own name are made with. Without a source, each call is rejected. */
export const awsDepsOf = (
  source: AwsSource | undefined,
  { transport, now }: Pick<ProcessDeps, 'transport' | 'now'>,
): AwsDeps => ({
  transport,
  now,
  credentials:
    source === undefined
      ? () => Promise.reject(new Error('This process has no AWS credentials of its own.'))
      : awsCredentials(source, transport, now),
});
