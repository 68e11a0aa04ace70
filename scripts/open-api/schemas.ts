import type { formats } from '../../lib/clouds/json/formats.ts';
import { stsErrors } from '../../lib/core/errors.ts';

/** A part of the document, as it is written. */
export type Members = Readonly<Record<string, unknown>>;

export const object = (properties: Members, required: readonly string[] = Object.keys(properties)): Members => ({
  type: 'object',
  properties,
  required,
});

const text = { type: 'string', minLength: 1 };
const instant = { type: 'string', format: 'date-time' };
const unixSeconds = { type: 'integer' };
const containerCredentials = { AccessKeyId: text, SecretAccessKey: text };

/** What each format writes, in the words of whoever reads it. */
export const formatSchemas: Readonly<Record<keyof typeof formats, Members>> = {
  default: object(
    {
      requestId: text,
      account: text,
      cloud: text,
      credentials: object({ accessKeyId: text, secretAccessKey: text, sessionToken: text, expiration: instant }),
      subject: object({ arn: { type: 'string' }, id: { type: 'string' } }),
      upstream: object({ requestId: text }),
    },
    ['requestId', 'account', 'cloud', 'credentials'],
  ),
  'aws-process': object({ Version: { const: 1 }, ...containerCredentials, SessionToken: text, Expiration: instant }),
  'aws-container': object({ ...containerCredentials, Token: text, Expiration: instant }),
  cos: object({
    TmpSecretId: text,
    TmpSecretKey: text,
    SecurityToken: text,
    StartTime: unixSeconds,
    ExpiredTime: unixSeconds,
  }),
  'cos-sts': object({
    credentials: object({ tmpSecretId: text, tmpSecretKey: text, sessionToken: text }),
    expiredTime: unixSeconds,
    expiration: instant,
    startTime: unixSeconds,
    requestId: text,
  }),
  dotenv: { type: 'string' },
};

/** How a request is refused (RFC 9457). */
export const problem = object(
  {
    type: { type: 'string', pattern: '^urn:credmint:error:' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    code: { enum: Object.keys(stsErrors) },
    requestId: text,
    parameter: text,
    retryable: { type: 'boolean' },
    upstream: object({ status: { type: 'integer' }, code: text, requestId: text }, ['status']),
    reason: text,
    trace: {},
  },
  ['type', 'title', 'status', 'detail', 'code', 'requestId', 'retryable'],
);

export const identity = object({
  requestId: text,
  identity: object(
    { accountId: { type: 'string' }, userId: { type: 'string' }, arn: text, principalId: text, type: text },
    ['accountId', 'userId', 'arn'],
  ),
});

export const leaseName = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' };

const count = { type: 'integer', minimum: 0 };

const leaseStatus = object(
  {
    name: leaseName,
    account: text,
    state: { enum: ['fresh', 'due', 'failing', 'missing'] },
    mintedAt: instant,
    expiration: instant,
    nextRefresh: instant,
    failures: count,
    deliveryFailures: count,
    pendingDeliveries: count,
    code: { enum: Object.keys(stsErrors) },
  },
  ['name', 'account', 'state', 'failures', 'deliveryFailures', 'pendingDeliveries'],
);

export const leases = object({ requestId: text, leases: { type: 'array', items: leaseStatus }, next: leaseName }, [
  'requestId',
  'leases',
]);
