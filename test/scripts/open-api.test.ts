import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFormatName } from '../../lib/clouds/json/formats.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

interface Operation {
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: object; readonly examples: object } };
  };
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly post?: Operation; readonly get?: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const text = readFileSync(new URL('../../schema/credmint.openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as Document;

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const faultsOf = (schema: object, value: unknown) => {
  const validate = ajv.compile(schema);
  return validate(value) ? [] : (validate.errors ?? []);
};

const examples = Object.entries(document.paths).flatMap(([path, { post }]) =>
  Object.entries(post?.requestBody?.content['application/json'].examples ?? {}).map(
    ([name, { value }]) => [path, name, value as Record<string, string>] as const,
  ),
);

let app: LaptopApp;
beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

const send = async (path: string, body?: Record<string, unknown>, token = app.access.token) => {
  const response = await fetch(app.url + path, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

/** The example, of a role that the laptop's server has. */
const sendable = (value: Readonly<Record<string, string>>) =>
  'roleArn' in value ? { ...value, roleArn: app.access.roles[value['account'] ?? ''] } : value;

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(JSON.parse(text))).toEqual({ valid: true });
    expect(document.openapi).toBe('3.1.0');
  });

  it('is served', async () => {
    const response = await fetch(`${app.url}/openapi.json`);

    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(document);
    expect((await fetch(`${app.url}/openapi.json`, { method: 'POST' })).status).toBe(405);
  });

  it.each(examples)('has an example for %s that is answered as it says: %s', async (path, _, value) => {
    const schema = document.paths[path]?.post?.requestBody?.content['application/json'].schema ?? {};
    const { status, text: answered } = await send(path, sendable(value));
    const expected = path === '/getCallerIdentity' ? 'Identity' : 'default';

    expect(faultsOf(schema, value)).toEqual([]);
    expect({ status, answered }).toMatchObject({ status: 200 });
    expect(faultsOf(document.components.schemas[expected] ?? {}, JSON.parse(answered))).toEqual([]);
  });

  it('describes what every format writes', async () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (!isFormatName(name)) continue;
      const [, , value] = examples[0] ?? [];
      const { text: answered } = await send(`/assumeRole?format=${name}`, sendable(value ?? {}));
      const content: unknown = name === 'dotenv' ? answered : JSON.parse(answered);
      expect({ name, faults: faultsOf(schema, content) }).toEqual({ name, faults: [] });
    }
  });

  it('describes how leases are doing', async () => {
    const { status, text: answered } = await send('/leases');

    expect(status).toBe(200);
    expect(JSON.parse(answered).leases).toHaveLength(1);
    expect(faultsOf(document.components.schemas['Leases'] ?? {}, JSON.parse(answered))).toEqual([]);
  });

  it('describes a refusal', async () => {
    const { status, type, text: answered } = await send('/assumeRole', { roleArn: 'x' });

    expect([status, type]).toEqual([400, 'application/problem+json']);
    expect(faultsOf(document.components.schemas['Problem'] ?? {}, JSON.parse(answered))).toEqual([]);
  });

  it('sees a body that the server would refuse', () => {
    const { schema } = document.paths['/assumeRole']?.post?.requestBody?.content['application/json'] ?? {};

    for (const wrong of [{}, { roleArn: 'x', roleSessionName: 'a b' }, { roleArn: 'x', roleSessionName: 'a', more: 1 }])
      expect(faultsOf(schema ?? {}, wrong)).not.toEqual([]);
  });
});
