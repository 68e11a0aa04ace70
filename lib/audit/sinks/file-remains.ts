import { hash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Link } from '../chain.ts';
import { type Entry, readEntry } from '../entry.ts';
import { checkpointNames } from '../names.ts';
import type { Remains } from '../sink.ts';
import type { LockFile } from './file-lock.ts';

/** How much of a file's end is read to find its last line. */
const tailBytes = 256 * 1024;

/** How many files of other processes are looked at, the newest first. */
const maxFiles = 64;

const newline = 0x0a;

/** What the end of a file says. */
export interface FileEnd extends Pick<Remains, 'last' | 'torn'> {
  /** Whether the file ends in the middle of a line. */
  readonly isUnfinished: boolean;
  /** Whether its last chain ended. */
  readonly ended: boolean;
}

/** Reads the last line of a chain in a file, and the unfinished text behind it. */
export const readFileEnd = async (handle: FileHandle): Promise<FileEnd> => {
  const tail = await readTail(handle);
  const end = tail.lastIndexOf(newline);
  const rest = tail.subarray(end + 1);
  const whole = tail.subarray(tail.subarray(0, Math.max(end, 0)).lastIndexOf(newline) + 1, Math.max(end, 0));
  const unfinished = readEntry(rest);
  const last = unfinished ?? readEntry(whole);
  return {
    isUnfinished: rest.length > 0,
    ended: last?.members[checkpointNames.kind] === 'end',
    ...(last?.genuine === true ? { last: linkOf(last) } : {}),
    ...(rest.length === 0 || unfinished !== undefined ? {} : { torn: hash('sha256', rest, 'hex') }),
  };
};

const linkOf = ({ chain, sequence, hash }: Entry): Link => ({ chain, sequence, hash });

const readTail = async (handle: FileHandle): Promise<Buffer> => {
  const { size } = await handle.stat();
  const from = Math.max(0, size - tailBytes);
  const bytes = Buffer.alloc(size - from);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
};

/**
 * The last lines of the chains that stopped without an end in files of other processes, whose names differ from
 * `pattern` only in the process id. Files whose process still runs are left alone.
 */
export const stoppedChains = async (pattern: string, own: string, lock: LockFile): Promise<readonly Link[]> => {
  const links: Link[] = [];
  for (const path of await filesOf(pattern)) {
    if (path === own) continue;
    const held = await lock(path);
    if (held === undefined) continue;
    try {
      const handle = await open(path, 'r');
      const { last, ended } = await readFileEnd(handle).finally(() => handle.close());
      if (last !== undefined && !ended) links.push(last);
    } finally {
      held.release();
    }
  }
  return links;
};

const filesOf = async (pattern: string): Promise<readonly string[]> => {
  const folder = dirname(pattern);
  const [head = '', ...tails] = basename(pattern).split('%p');
  const isOne = (name: string): boolean => {
    const pid = /^\d+/.exec(name.slice(head.length))?.[0];
    return name.startsWith(head) && pid !== undefined && name === [head, ...tails].join(pid);
  };
  const paths = (await readdir(folder)).filter(isOne).map((name) => join(folder, name));
  const files = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  return files
    .sort((one, other) => other.at - one.at)
    .slice(0, maxFiles)
    .map(({ path }) => path);
};
