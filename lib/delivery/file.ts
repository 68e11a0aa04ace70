import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { formats } from '../clouds/json/formats.ts';
import { StsError } from '../core/errors.ts';
import type { Deliver } from './delivery.ts';
import type { FileSettings } from './settings.ts';

/**
 * A file that only its owner can read, replaced whole: a reader sees the old credentials or the new ones, also after a
 * crash, since the disk has the text before it has the name.
 */
export const toFile: Deliver<FileSettings> = async ({ path, format }, { content }) => {
  const folder = dirname(path);
  // In the same folder: a rename is atomic only within one file system.
  const draft = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    await writeDurably(draft, formats[format](content).text);
    await rename(draft, path);
    await syncFolder(folder);
  } catch (thrown) {
    // If the folder does not exist, there is no draft to remove.
    await rm(draft, { force: true }).catch(() => undefined);
    throw new StsError('Misconfigured', 'The file cannot be written.', codeOf(thrown));
  }
};

const writeDurably = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Makes the new name outlive a crash. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** `ENOSPC` and the like. The error's message would name the path. */
const codeOf = (thrown: unknown): { readonly upstream?: { readonly status: number; readonly code: string } } => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return /^E[A-Z]{1,20}$/.test(code) ? { upstream: { status: 0, code } } : {};
};
