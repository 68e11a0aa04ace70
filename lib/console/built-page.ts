import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PageView } from './view.ts';

/** The page as it was built: what renders it, and what a browser loads. */
export interface BuiltPage {
  /** The whole HTML document of a view. */
  render(view: PageView): string;
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

/** The files of a built page, in its folder. */
export const builtFiles = {
  render: 'render.js',
  script: 'console.js',
  style: 'console.css',
  icon: 'icon.svg',
} as const;

/** Opens the page that was built into a folder; resolves to undefined if none was. */
export const openBuiltPage = async (folder: string): Promise<BuiltPage | undefined> => {
  try {
    const [{ render }, script, style, icon] = await Promise.all([
      import(pathToFileURL(join(folder, builtFiles.render)).href) as Promise<Pick<BuiltPage, 'render'>>,
      readFile(join(folder, builtFiles.script), 'utf8'),
      readFile(join(folder, builtFiles.style), 'utf8'),
      readFile(join(folder, builtFiles.icon), 'utf8'),
    ]);
    return { render, script, style, icon };
  } catch {
    return undefined;
  }
};
