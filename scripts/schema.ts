import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from '../lib/config/schema.ts';

/** The JSON Schema of `credmint.config.json`, for editors. The reader checks more: references, names, patterns. */
export const configJsonSchema = (): string => {
  const schema = toJsonSchema(configSchema, { typeMode: 'input', errorMode: 'ignore', target: 'draft-2020-12' });
  return `${JSON.stringify({ title: 'credmint configuration', ...schema }, null, 2)}\n`;
};

export const schemaPath = new URL('../schema/credmint.config.schema.json', import.meta.url);

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(schemaPath, configJsonSchema());
