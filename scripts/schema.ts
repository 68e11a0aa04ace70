import { readFileSync, writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from '../lib/config/schema.ts';
import { mintEventSchema } from '../lib/events/cloud-event.ts';
import { openApi } from './open-api/open-api.ts';

type Schema = Parameters<typeof toJsonSchema>[0];

const written = (title: string, schema: Schema): string => {
  const made = toJsonSchema(schema, {
    typeMode: 'input',
    errorMode: 'ignore',
    // Marks of our own, which no editor knows.
    ignoreActions: ['metadata'],
    target: 'draft-2020-12',
  });
  return `${JSON.stringify({ title, ...made }, null, 2)}\n`;
};

const packageVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Every schema for editors and senders, by its path. Reading checks more: references, names, patterns. */
export const jsonSchemas = (): readonly { readonly path: URL; readonly text: string }[] => [
  {
    path: new URL('../schema/credmint.config.schema.json', import.meta.url),
    text: written('credmint configuration', configSchema),
  },
  {
    path: new URL('../schema/credmint.mint.requested.schema.json', import.meta.url),
    text: written('credmint.mint.requested, a CloudEvent 1.0', mintEventSchema),
  },
  {
    path: new URL('../schema/credmint.openapi.json', import.meta.url),
    text: `${JSON.stringify(openApi(packageVersion()), null, 2)}\n`,
  },
];

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const { path, text } of jsonSchemas()) writeFileSync(path, text);
}
