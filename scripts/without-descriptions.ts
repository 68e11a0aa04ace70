import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The first argument of `described`, as the formatter writes it: one string, without a line break. */
const description = /\bdescribed\(\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"),/g;

/**
 * Leaves the descriptions of the configuration's members out of a bundle: 10 KiB that only `npm run schema` reads. What
 * is left of each is a call of the identity, which esbuild inlines.
 */
export const withoutDescriptions: Plugin = {
  name: 'without-descriptions',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/lib\/config\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const plain = source.replace(description, 'undescribed(');
      if (plain === source) return undefined;
      return { contents: `${plain}\nfunction undescribed<Schema>(schema: Schema) { return schema }\n`, loader: 'ts' };
    });
  },
};
