import { bodies, type JsonPath } from '../../lib/clouds/json/body.ts';
import { formats } from '../../lib/clouds/json/formats.ts';
import type { Member } from '../../lib/clouds/json/members.ts';
import { stsErrors } from '../../lib/core/errors.ts';
import { examples } from './examples.ts';
import { memberOf } from './members.ts';
import { formatSchemas, identity, leaseName, leases, type Members, object, problem } from './schemas.ts';

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

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

const titles: Readonly<Record<JsonPath, string>> = {
  '/assumeRole': 'Obtain credentials of a role',
  '/getFederationToken': 'Obtain credentials of a federated user',
  '/getCallerIdentity': 'Say who the caller is',
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
