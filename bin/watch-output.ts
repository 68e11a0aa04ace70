import type { Writable } from 'node:stream';
import { causeInWords, causeOf } from '../lib/core/cause.ts';

interface Output {
  readonly stdout: Writable;
  readonly stderr: Writable;
  exit(code: number): void;
}

/**
 * Ends the process with 1 if what it says cannot be written: whoever had it written to a full disk must not take a part of it
 * for all. A reader that closes the pipe early (`| head`) is no fault, and the command still ends with its own code.
 */
export const watchOutput = ({ stdout, stderr, exit }: Output): void => {
  stderr.on('error', () => undefined);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    stderr.write(`credmint: the output cannot be written: ${causeInWords(causeOf(error))}\n`);
    exit(1);
  });
};
