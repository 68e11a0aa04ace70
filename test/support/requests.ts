import type { Credentials } from '../../lib/core/credentials.ts';
import type { MintRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';

/** A request as `authorize` makes it. */
export const requestOf = (changes: object = {}): MintRequest =>
  ({
    operation: 'AssumeRole',
    role: 'arn:aws:iam::123456789012:role/demo',
    sessionName: 'me',
    account: 'aws',
    grant: 'grant',
    caller: { name: 'ci', proof: 'accessKey' },
    dialect: 'json',
    durationSeconds: 3600,
    ...changes,
  }) as unknown as MintRequest;

/** Credentials with a number of their own, good for so many seconds from an instant. */
export const credentialsOf = (number: number, from: Date, seconds = 3600): Credentials => ({
  accessKeyId: `ASIA${number}`,
  secretAccessKey: new Secret(`secret ${number}`),
  sessionToken: new Secret(`token ${number}`),
  expiration: new Date(from.getTime() + seconds * 1000),
});

/** A deadline that never comes. */
export const forever = { signal: new AbortController().signal };
