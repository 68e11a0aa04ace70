import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { lists, type Selection, withParts } from './lists.ts';

/** The first argument of `described`, as the formatter writes it: one string, without a line break. */
const description = /\bdescribed\(\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"),/g;

/**
 * Leaves the descriptions of the configuration's members out: 10 KiB that only `npm run schema` reads. What is left of
 * each is a call of the identity, which esbuild inlines.
 */
const withoutDescriptions = (source: string): string => {
  const plain = source.replace(description, 'undescribed(');
  return plain === source ? source : `${plain}\nfunction undescribed<Schema>(schema: Schema) { return schema }\n`;
};

/** What schemas are made by: nothing else happens when one is made. */
const schemaCall =
  /(?<!function )\b(?:v\.[a-z]\w*|undescribed|integer|referenceOr|accountsOn|grantOn|authorityOn|configSchemaOf|Object\.(?:keys|values)|new RegExp)\(/g;

/** Says of each schema that it may be left out if nothing reads it: esbuild does not know it of functions of other files. */
const withPureCalls = (source: string): string => source.replace(schemaCall, '/* @__PURE__ */ $&');

/** A constant of a file, as the formatter writes it: it ends with the line that closes what it opened. */
const constant = /^((?:export )?const \w+ = )((?:[^\n]*|[^\n]*[({[]\n[\s\S]*?\n[)}\]][^\n]*));$/gm;

/** A schema made of spread parts is made by a function that is called once: a spread may do anything, for all esbuild knows. */
const withPureSchemas = (source: string): string =>
  withPureCalls(source).replace(constant, (whole, head: string, value: string) =>
    /^(?:\/\* @__PURE__ \*\/|\{)/.test(value) && value.includes('...') && value.includes('/* @__PURE__ */ v.')
      ? `${head}/* @__PURE__ */ (() => (${value}))();`
      : whole,
  );

const filesOfLists: ReadonlySet<string> = new Set(Object.values(lists).map(({ file }) => file));

/** What a bundle has in the place of sources of ours: lists with the parts that are selected, and no descriptions. */
export const rewrittenSources = (root: string, selection: Selection | undefined): Plugin => ({
  name: 'rewritten-sources',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/lib\/.*\.ts$/ }, async ({ path }) => {
      const file = relative(root, path);
      const isList = selection !== undefined && filesOfLists.has(file);
      if (!isList && !file.startsWith(join('lib', 'config'))) return undefined;
      const source = await readFile(path, 'utf8');
      const selected = isList ? withParts(file, source, selection) : source;
      return { contents: withPureSchemas(withoutDescriptions(selected)), loader: 'ts' };
    });
  },
});
