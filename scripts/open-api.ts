import { bodies, type JsonPath } from '../lib/clouds/json/body.ts';
import { formats } from '../lib/clouds/json/formats.ts';
import type { Member, MemberLimits } from '../lib/clouds/json/members.ts';
import { stsErrors } from '../lib/core/errors.ts';

type Members = Readonly<Record<string, unknown>>;

const object = (properties: Members, required: readonly string[] = Object.keys(properties)): Members => ({
  type: 'object',
  properties,
  required,
});

const text = { type: 'string', minLength: 1 };
const instant = { type: 'string', format: 'date-time' };
const unixSeconds = { type: 'integer' };
const containerCredentials = { AccessKeyId: text, SecretAccessKey: text };

/** What each format writes, in the words of whoever reads it. */
const formatSchemas: Readonly<Record<keyof typeof formats, Members>> = {
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

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

const problem = object(
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

const identity = object({
  requestId: text,
  identity: object(
    { accountId: { type: 'string' }, userId: { type: 'string' }, arn: text, principalId: text, type: text },
    ['accountId', 'userId', 'arn'],
  ),
});

const jsonFormats = Object.keys(formats).filter((name) => name !== 'dotenv');

const answers = (content: Members): Members => ({
  '200': { description: 'What was asked for.', content },
  ...Object.fromEntries(
    [...new Set(Object.values(stsErrors).map(({ status }) => status))].sort().map((status) => [
      String(status),
      {
        description: Object.entries(stsErrors)
          .filter(([, traits]) => traits.status === status)
          .map(([code, { title }]) => `${code}: ${title}`)
          .join(' '),
        content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } },
      },
    ]),
  ),
});

const credentialContent = {
  'application/json': { schema: { anyOf: jsonFormats.map((name) => ref('schemas', name)) } },
  'text/plain': { schema: ref('schemas', 'dotenv') },
};

const formatParameter = {
  name: 'format',
  in: 'query',
  description: 'What the credentials are written as.',
  schema: { enum: Object.keys(formats), default: 'default' },
};

/** Requests that a laptop's server answers, once the role is one of its own. */
const examples: Readonly<Record<JsonPath, Members>> = {
  '/assumeRole': {
    role: {
      summary: 'Credentials of a role',
      value: { account: 'aws', roleArn: 'arn:aws:iam::123456789012:role/demo', roleSessionName: 'ci' },
    },
    narrowed: {
      summary: 'For a quarter of an hour, narrowed to one folder',
      value: {
        account: 'aws',
        roleArn: 'arn:aws:iam::123456789012:role/demo',
        roleSessionName: 'ci',
        durationSeconds: 900,
        policy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::releases/*' }],
        },
      },
    },
  },
  '/getFederationToken': {
    federated: {
      summary: 'A federated user of Tencent Cloud who may upload to one folder',
      value: {
        account: 'tencent-v3',
        name: 'release',
        policy: {
          version: '2.0',
          statement: [
            {
              effect: 'allow',
              action: ['name/cos:PutObject'],
              resource: ['qcs::cos:ap-guangzhou:uid/1250000000:releases-1250000000/*'],
            },
          ],
        },
      },
    },
  },
  '/getCallerIdentity': { self: { summary: 'Who the caller is to the built-in authority', value: {} } },
};

const titles: Readonly<Record<JsonPath, string>> = {
  '/assumeRole': 'Obtain credentials of a role',
  '/getFederationToken': 'Obtain credentials of a federated user',
  '/getCallerIdentity': 'Say who the caller is',
};

const textOf = (maxLength: number) => ({ ...text, maxLength });

/** What a member may be, as the reader of the body has it. */
const memberOf = (limits: MemberLimits): Members => {
  switch (limits.kind) {
    case 'text':
      return { ...textOf(limits.maxLength), ...(limits.pattern && { pattern: limits.pattern.source }) };
    case 'texts':
      return { type: 'array', items: textOf(limits.maxLength), maxItems: limits.maxItems };
    case 'seconds':
      return {
        anyOf: [
          { type: 'integer', minimum: 1, maximum: limits.max },
          { type: 'string', pattern: '^\\d{1,9}$' },
        ],
      };
    case 'policy':
      return { anyOf: [{ type: 'object' }, textOf(limits.maxLength)] };
    case 'tags':
      return {
        type: 'object',
        maxProperties: limits.maxTags,
        propertyNames: textOf(limits.maxKeyLength),
        additionalProperties: { type: 'string', maxLength: limits.maxValueLength },
      };
  }
};

const bodyOf = (path: JsonPath): unknown => {
  const members = Object.entries<Member<unknown>>(bodies[path]);
  const required = members.flatMap(([name, { isOptional }]) => (isOptional ? [] : [name]));
  return {
    ...object(Object.fromEntries(members.map(([name, { limits }]) => [name, memberOf(limits)])), required),
    additionalProperties: false,
  };
};

const operationOf = (path: JsonPath): Members => ({
  post: {
    operationId: path.slice(1),
    summary: titles[path],
    parameters: path === '/getCallerIdentity' ? [] : [formatParameter],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: bodyOf(path), examples: examples[path] } },
    },
    responses: answers(
      path === '/getCallerIdentity'
        ? { 'application/json': { schema: ref('schemas', 'Identity') } }
        : credentialContent,
    ),
  },
});

const leaseName = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' };

const readLease = {
  get: {
    operationId: 'readLease',
    summary: 'Read what is kept fresh under a name',
    parameters: [
      {
        name: 'name',
        in: 'path',
        required: true,
        schema: leaseName,
        example: 'demo',
      },
      formatParameter,
    ],
    responses: answers(credentialContent),
  },
};

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

const leases = object({ requestId: text, leases: { type: 'array', items: leaseStatus }, next: leaseName }, [
  'requestId',
  'leases',
]);

const listLeases = {
  get: {
    operationId: 'listLeases',
    summary: 'Say how the leases are doing that the caller may see',
    parameters: [
      {
        name: 'after',
        in: 'query',
        description: 'The last name of the page before, which that page gives as `next`.',
        schema: leaseName,
      },
    ],
    responses: answers({ 'application/json': { schema: ref('schemas', 'Leases') } }),
  },
};

/** The JSON API as an OpenAPI 3.1 document. */
export const openApi = (version: string): Members => ({
  openapi: '3.1.0',
  info: {
    title: 'credmint',
    version,
    description: 'Mints temporary cloud credentials. Each answer has x-request-id and cache-control: no-store.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ token: [] }, { signature: [] }],
  paths: {
    ...Object.fromEntries((Object.keys(bodies) as JsonPath[]).map((path) => [path, operationOf(path)])),
    '/leases': listLeases,
    '/leases/{name}': readLease,
  },
  components: {
    schemas: { Problem: problem, Identity: identity, Leases: leases, ...formatSchemas },
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      signature: {
        type: 'apiKey',
        in: 'header',
        name: 'authorization',
        description: 'AWS4-HMAC-SHA256 or TC3-HMAC-SHA256 of an access key over the request.',
      },
    },
  },
});
