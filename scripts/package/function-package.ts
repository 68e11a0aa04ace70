import { readFile } from 'node:fs/promises';
import { zipSync } from 'fflate';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import { bundle, headOf, type Target } from '../bundle.ts';
import { builtFor } from './built-for.ts';
import type { PackageConfiguration } from './configuration.ts';

/** The folder of one function as the platform lays it out, and the zip that is uploaded. */
export interface FunctionPackage {
  readonly name: string;
  readonly target: Target;
  /** The file of its code; the platform calls `index.handler`. */
  readonly code: string;
  /** The sources that the code is built from. */
  readonly sources: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly zip: Buffer;
  /** The same code with another configuration at its head, which needs no part besides; as it is if it reads none. */
  codeWith(written: WrittenConfig): string;
}

/** The name of the code in a package: SCF knows only `.js`. */
const codeNames: Readonly<Record<Target, string>> = { aws: 'index.cjs', tencent: 'index.js' };

/** The first local time that a zip can say, in its own terms of year, month and minute. */
const mtime = new Date(1980, 0, 1);
/** Of Unix, a regular file that all may read. */
const [os, attrs] = [3, (0o100644 << 16) >>> 0];

/** What is packaged, by the source that reads it: a function without these sources, as `health`, carries nothing. */
const carriedBy = (
  sources: ReadonlySet<string>,
  { files, issuer }: PackageConfiguration,
): ReadonlyMap<string, Buffer> =>
  new Map([
    ...(sources.has('lib/config/built.ts') ? files : []),
    ...(sources.has('lib/app/functions/documents.ts') ? issuer : []),
  ]);

/**
 * Builds one function for a configuration, and packs it with the configuration and the files that this refers to. The
 * same sources and configuration give the same bytes.
 */
export const packageFunction = async (
  name: string,
  target: Target,
  configuration: PackageConfiguration,
  folder: string,
): Promise<FunctionPackage> => {
  const built = builtFor(name, target, configuration);
  const { outfile, metafile } = await bundle(name, target, folder, built);
  const code = codeNames[target];
  const sources = new Set(Object.keys(metafile.inputs));
  const files = new Map([...carriedBy(sources, configuration), [code, await readFile(outfile)] as const]);
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const zip = Buffer.from(zipSync(Object.fromEntries(sorted), { level: 9, mtime, os, attrs }));
  const codeWith = (written: WrittenConfig): string => {
    const text = files.get(code)?.toString() ?? '';
    const other = builtFor(name, target, { ...configuration, written }).configuration;
    return built.configuration === undefined || other === undefined
      ? text
      : text.replace(headOf(built.configuration), () => headOf(other));
  };
  return { name, target, code, sources, files, zip, codeWith };
};
