import { hash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { readEntry } from '../entry.ts';
import type { Remains, Sink } from '../sink.ts';

/** How much of a file's end is read to find its last line. */
const tailBytes = 256 * 1024;

/** How often to check whether the file was rotated. */
const checkEveryMs = 1000;

/**
 * Appends to a file that only its owner can read. If the file was moved or removed, a new one is begun within a second,
 * so that logrotate needs neither a signal nor copytruncate.
 */
export const fileSink = (path: string, sync: boolean, clock: () => number = () => performance.now()): Sink => {
  let handle: FileHandle | undefined;
  let checkedAt = 0;
  /** Whether the file ends in the middle of a line. */
  let torn = false;

  const sameFile = async (known: FileHandle): Promise<boolean> => {
    const [here, there] = await Promise.all([known.stat(), stat(path).catch(() => undefined)]);
    return there !== undefined && here.ino === there.ino && here.dev === there.dev;
  };

  const file = async (): Promise<FileHandle> => {
    if (handle !== undefined && clock() - checkedAt >= checkEveryMs) {
      checkedAt = clock();
      if (!(await sameFile(handle))) {
        await handle.close();
        handle = undefined;
        torn = false;
      }
    }
    if (handle === undefined) {
      handle = await open(path, 'a+', 0o600);
      checkedAt = clock();
    }
    return handle;
  };

  return {
    remains: async () => {
      const tail = await readTail(await file());
      torn = tail.length > 0 && tail.at(-1) !== newline;
      return remainsOf(tail);
    },
    write: async (lines) => {
      const target = await file();
      // End an unfinished line, so that the next one begins on its own.
      const bytes = Buffer.from(`${torn ? '\n' : ''}${lines.join('\n')}\n`, 'utf8');
      for (let done = 0; done < bytes.length; ) {
        done += (await target.write(bytes, done)).bytesWritten;
        torn = done < bytes.length;
      }
      if (sync) await target.datasync();
    },
    close: async () => {
      await handle?.close();
      handle = undefined;
    },
  };
};

const newline = 0x0a;

const readTail = async (handle: FileHandle): Promise<Buffer> => {
  const { size } = await handle.stat();
  const from = Math.max(0, size - tailBytes);
  const bytes = Buffer.alloc(size - from);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
};

/** The last line of a chain, and the unfinished text behind it. */
const remainsOf = (tail: Buffer): Remains => {
  const end = tail.lastIndexOf(newline);
  const rest = tail.subarray(end + 1);
  const whole = tail.subarray(tail.subarray(0, Math.max(end, 0)).lastIndexOf(newline) + 1, Math.max(end, 0));
  const unfinished = readEntry(rest);
  const last = unfinished ?? readEntry(whole);
  return {
    ...(last?.genuine === true ? { last: { chain: last.chain, sequence: last.sequence, hash: last.hash } } : {}),
    ...(rest.length === 0 || unfinished !== undefined ? {} : { torn: hash('sha256', rest, 'hex') }),
  };
};
