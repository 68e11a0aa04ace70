import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (thrown: unknown): string | undefined => (thrown as NodeJS.ErrnoException).code;

/** Creates one folder, unless it exists. */
const create = (path: string): void => {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST' && statSync(path).isDirectory()) return;
    throw thrown;
  }
  // The mode that a folder is created with is subject to the umask.
  chmodSync(path, 0o700);
};

/**
 * Creates a folder that only its owner can enter, and those above it. One that exists keeps its mode: it may be shared for
 * another reason, and each file that we write is private by itself.
 */
export const privateFolder = (path: string): void => {
  try {
    create(path);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT' || dirname(path) === path) throw thrown;
    // One by one: Node's recursive mkdir never returns if a folder such as /proc takes none.
    privateFolder(dirname(path));
    create(path);
  }
};

/** Writes a file that only its owner can read, atomically. */
export const writePrivate = (path: string, text: string): void => {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
};

/** The text of a private file, which is made if it does not exist. If two processes make it at once, one text stays. */
export const keptText = (path: string, make: () => string): string => {
  privateFolder(dirname(path));
  return readText(path) ?? madeText(path, make());
};

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
};

/** Writes under another name first, as a link is made atomically and never replaces a file. */
const madeText = (path: string, text: string): string => {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8');
};
