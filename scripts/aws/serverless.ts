import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { PackageError } from '../package/package-error.ts';

const program = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');

/** Runs the Serverless Framework in this process's place. Rejects with a PackageError if it fails. */
export const runServerless = async (words: readonly string[]): Promise<void> => {
  const child = spawn(process.execPath, [program, ...words], { stdio: 'inherit' });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new PackageError(`serverless ${words[0]} failed.`);
};
