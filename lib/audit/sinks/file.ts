import { type FileHandle, open, stat } from 'node:fs/promises';
import { causeInWords, causeOf } from '../../core/cause.ts';
import { StsError } from '../../core/errors.ts';
import type { Sink } from '../sink.ts';
import { type FileLock, type LockFile, lockFile } from './file-lock.ts';
import { readFileEnd, stoppedChains } from './file-remains.ts';

/** How often to check whether the file was rotated. */
const checkEveryMs = 1000;

/** Which file. */
export interface FileSinkSettings {
  /** `%p` in it is replaced by the process id, so that each process has a file of its own. */
  readonly path: string;
  /** A line is written only when the disk has it. */
  readonly sync: boolean;
}

interface FileSinkDeps {
  readonly monotonicMs: () => number;
  readonly lock: LockFile;
  readonly pid: number;
}

const ownDeps: FileSinkDeps = { monotonicMs: () => performance.now(), lock: lockFile, pid: process.pid };

/**
 * Appends to a file that only its owner can read, and that no other process writes: two would tear each other's lines. If
 * the file was moved or removed, a new one is begun within a second, so that logrotate needs neither a signal nor
 * copytruncate.
 */
export const fileSink = (settings: FileSinkSettings, deps: Partial<FileSinkDeps> = {}): Sink => {
  const { monotonicMs, lock, pid } = { ...ownDeps, ...deps };
  const path = settings.path.replaceAll('%p', String(pid));
  let held: FileLock | undefined;
  let handle: FileHandle | undefined;
  let checkedAt = 0;
  /** Whether the file ends in the middle of a line. */
  let torn = false;

  const sameFile = async (known: FileHandle): Promise<boolean> => {
    const [here, there] = await Promise.all([known.stat(), stat(path).catch(() => undefined)]);
    return there !== undefined && here.ino === there.ino && here.dev === there.dev;
  };

  const file = async (): Promise<FileHandle> => {
    if (handle !== undefined && monotonicMs() - checkedAt >= checkEveryMs) {
      checkedAt = monotonicMs();
      if (!(await sameFile(handle))) {
        await handle.close();
        handle = undefined;
        torn = false;
      }
    }
    if (handle === undefined) {
      handle = await open(path, 'a+', 0o600);
      checkedAt = monotonicMs();
    }
    return handle;
  };

  const prepare = async () => {
    held = await lock(path);
    if (held === undefined) {
      throw new StsError(
        'Misconfigured',
        `Another process writes the audit file ${path}. Give each a file of its own.`,
      );
    }
    const { last, torn: unfinished, isUnfinished } = await readFileEnd(await file());
    torn = isUnfinished;
    const stopped = settings.path === path ? [] : await stoppedChains(settings.path, path, lock);
    return {
      stopped,
      ...(last === undefined ? {} : { last }),
      ...(unfinished === undefined ? {} : { torn: unfinished }),
    };
  };

  return {
    open: async () => {
      try {
        return await prepare();
      } catch (thrown) {
        held?.release();
        if (thrown instanceof StsError) throw thrown;
        const why = causeInWords(causeOf(thrown));
        throw new StsError('Misconfigured', `The audit file ${path} cannot be opened: ${why}.`);
      }
    },
    write: async (lines) => {
      const target = await file();
      // End an unfinished line, so that the next one begins on its own.
      const bytes = Buffer.from(`${torn ? '\n' : ''}${lines.join('\n')}\n`, 'utf8');
      for (let done = 0; done < bytes.length; ) {
        done += (await target.write(bytes, done)).bytesWritten;
        torn = done < bytes.length;
      }
      if (settings.sync) await target.datasync();
    },
    close: async () => {
      await handle?.close();
      handle = undefined;
      held?.release();
      held = undefined;
    },
  };
};
