import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A function, and what it is asked in its first moment. */
export interface Cold {
  /** A file that exports `handler`, as CommonJS. */
  readonly bundle: string;
  /** A file with the event. */
  readonly event: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface FirstAnswer {
  /** From the process's beginning to its answer. */
  readonly milliseconds: number;
  /** Processor time until then, in milliseconds, which a busy machine stretches less. */
  readonly processor: number;
  readonly statusCode: number;
  readonly body: string;
}

const runtime = fileURLToPath(new URL('./first-answer.cjs', import.meta.url));

/** Starts a process for one event, as a platform does for a function that sleeps; its output is read like a log. */
export const firstAnswer = ({ bundle, event, env }: Cold): Promise<FirstAnswer> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [runtime, bundle, event], { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const said = ['', '', '', ''];
    for (const channel of [1, 2, 3]) {
      child.stdio[channel]?.on('data', (chunk: Buffer) => {
        said[channel] += chunk.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(said[3] ?? '') as FirstAnswer);
      else reject(new Error(`${bundle} ended with ${code}:\n${said[1]}${said[2]}`));
    });
  });
