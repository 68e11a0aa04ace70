import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuiltPage, openBuiltPage } from '../../../lib/console/built-page.ts';
import { root } from '../../../scripts/bundle.ts';
import { buildConsole } from '../../../scripts/console/build.ts';

/** The page as it is built from the sources as they are. */
export const buildPage = async (): Promise<BuiltPage> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-console-'));
  await buildConsole(root, folder);
  const page = await openBuiltPage(folder);
  if (page === undefined) throw new Error('The page cannot be opened.');
  return page;
};
