import { execFile } from 'node:child_process';
import { ClientError } from '../../lib/client/errors.ts';

const maxOutputBytes = 64 * 1024;

/** What a command writes to stdout. Its stderr is the person's to see; nothing of it is quoted. */
export const runCommand = ([file = '', ...args]: readonly string[], signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(file, args, { signal, maxBuffer: maxOutputBytes }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new ClientError('usage', 'TokenCommandFailed', `The token command ${file} failed.`));
    });
    child.stderr?.pipe(process.stderr);
    child.stdin?.end();
  });
