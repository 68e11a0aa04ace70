import { readFileSync } from 'node:fs';

/** Node names the path in some of its errors only: reading a folder has none. */
export const namingPath = (path: string, thrown: unknown): unknown =>
  thrown instanceof Error ? Object.assign(thrown, { path }) : thrown;

/** The bytes of a file that the command line names; `-` is standard input. Throws Node's error with the path. */
export const readArgument = (path: string): Buffer => {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (thrown) {
    throw namingPath(path, thrown);
  }
};
