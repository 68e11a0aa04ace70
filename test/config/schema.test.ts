import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, schemaPath } from '../../scripts/schema.ts';

describe('the JSON Schema for editors', () => {
  it('is what the configuration’s own reader has; `npm run schema` writes it anew', () => {
    expect(readFileSync(schemaPath, 'utf8')).toBe(configJsonSchema());
  });
});
