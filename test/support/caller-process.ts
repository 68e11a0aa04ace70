import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LaptopApp } from './app.ts';

const bin = fileURLToPath(new URL('../../bin/credmint.ts', import.meta.url));

/** What a process said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line of a caller, at home in an empty folder. */
export interface CallerProcess {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended>;
  close(): void;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves when stdout or stderr has what matches. */
  says(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

const environmentOf = (home: string, app?: LaptopApp): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  ...(app === undefined ? {} : { CREDMINT_URL: app.url, CREDMINT_TOKEN: app.access.token }),
});

export const callerProcess = (app?: LaptopApp): CallerProcess => {
  const home = mkdtempSync(join(tmpdir(), 'credmint-caller-'));
  const environment = environmentOf(home, app);
  const start: CallerProcess['start'] = (args, more = {}) => {
    const child = spawn(process.execPath, [bin, ...args], { env: { ...environment, ...more } });
    const said = { stdout: '', stderr: '' };
    let heard = (): void => undefined;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (piece) => {
        said[name] += piece;
        heard();
      });
    }
    child.stdin.end();
    const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, ...said }));
    const says = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const [found] = pattern.exec(`${said.stdout}\n${said.stderr}`) ?? [];
        if (found !== undefined) return found;
        const over = await Promise.race([
          ended,
          new Promise<undefined>((resolve) => {
            heard = () => resolve(undefined);
          }),
        ]);
        if (over !== undefined) throw new Error(`It ended with ${over.code} and said: ${over.stdout}${over.stderr}`);
      }
    };
    return { child, says, ended };
  };
  return {
    home,
    environment,
    start,
    run: (args, more) => start(args, more).ended,
    close: () => rmSync(home, { recursive: true, force: true }),
  };
};
