import type { KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { readPublicKey } from '../../../lib/audit/keys.ts';
import { readLines } from '../../../lib/audit/read-lines.ts';
import type { LogPosition } from '../../../lib/audit/verify/faults.ts';
import { progressOn, shareText } from '../../progress.ts';
import { namingPath, readArgument } from '../argument-file.ts';
import type { Io } from '../command.ts';

/** The public keys in these files; undefined, and it is said why, if one has none. */
export const readKeys = (
  files: readonly string[],
  { stderr }: Pick<Io, 'stderr'>,
): readonly KeyObject[] | undefined => {
  const keys: KeyObject[] = [];
  for (const file of files) {
    const key = readPublicKey(readArgument(file).toString());
    if (key === undefined) {
      stderr.write(`${file}: contains no Ed25519 public key.\n`);
      return undefined;
    }
    keys.push(key);
  }
  return keys;
};

/** Reads files as one log, line by line, and shows at a terminal how far it is. */
export const readLog = async (
  files: readonly string[],
  what: string,
  take: (line: Buffer, place: LogPosition) => void,
  { stderr }: Pick<Io, 'stderr'>,
): Promise<void> => {
  const totalBytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const progress = progressOn(stderr);
  let bytes = 0;
  try {
    for (const file of files) {
      let line = 0;
      try {
        for await (const text of readLines(file)) {
          take(text, { file, line: ++line });
          bytes += text.length + 1;
          progress.at(() => shareText(what, Math.min(bytes, totalBytes), totalBytes));
        }
      } catch (thrown) {
        throw namingPath(file, thrown);
      }
    }
  } finally {
    progress.end();
  }
};
