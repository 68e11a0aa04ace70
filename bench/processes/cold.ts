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

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts a process for one event; resolves to what it says by channel 3. Its output is read like a log. */
const told = (program: string, { bundle, event, env }: Cold): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, bundle, event], { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const said = ['', '', '', ''];
    for (const channel of [1, 2, 3]) {
      child.stdio[channel]?.on('data', (chunk: Buffer) => {
        said[channel] += chunk.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(said[3] ?? ''));
      else reject(new Error(`${bundle} ended with ${code}:\n${said[1]}${said[2]}`));
    });
  });

/** The first answer of a process that is started for it, as a platform does for a function that sleeps. */
export const firstAnswer = async (cold: Cold): Promise<FirstAnswer> =>
  (await told(fileOf('./first-answer.cjs'), cold)) as FirstAnswer;

/** Processor time of each step of the same, in milliseconds. */
export const stepsOf = async (cold: Cold): Promise<readonly (readonly [step: string, milliseconds: number])[]> =>
  (await told(fileOf('./steps.cjs'), cold)) as readonly (readonly [string, number])[];
