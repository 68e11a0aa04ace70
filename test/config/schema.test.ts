import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../scripts/schema.ts';

describe('a JSON Schema for editors', () => {
  it.each(jsonSchemas())('is what the reader itself has; `npm run schema` writes it anew: $path', ({ path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
