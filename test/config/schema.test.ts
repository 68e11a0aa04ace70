import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../scripts/schema.ts';

/** Every member of every object of a JSON Schema, by its path. */
const membersOf = (schema: unknown, path = ''): (readonly [path: string, member: object])[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, inner]) => {
    if (name !== 'properties') return membersOf(inner, path);
    return Object.entries(inner as Record<string, object>).flatMap(([member, value]) => [
      [`${path}.${member}`, value] as const,
      ...membersOf(value, `${path}.${member}`),
    ]);
  });
};

describe('a JSON Schema for editors', () => {
  it.each(jsonSchemas())('is what the reader itself has; `npm run schema` writes it again: $path', ({ path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('describes every member of the configuration', () => {
    const [config] = jsonSchemas();
    const members = membersOf(JSON.parse(config?.text ?? '{}'));
    const undescribed = members.flatMap(([path, member]) => ('description' in member ? [] : [path]));

    expect(members.length).toBeGreaterThan(100);
    expect(undescribed).toEqual([]);
  });
});
