import { causeInWords, causeOf } from '../lib/core/cause.ts';
import { nearest } from '../lib/core/nearest.ts';
import type { Command, Io } from './commands/command.ts';
import { innermost, noSuchCommand, overviewOf } from './commands/subcommands.ts';

/** What the command line is made of. */
export interface CommandLineDeps {
  /** Loaded when called. */
  readonly commands: Readonly<Record<string, () => Promise<Command>>>;
  readonly version: () => Promise<string>;
  readonly io: Io;
}

const isHelp = (text: string): boolean => text === '--help' || text === '-h';

/**
 * Runs one command. Resolves to the exit code: 0 is yes, 1 is no, 2 is a question that cannot be answered.
 *
 * @example
 * process.exitCode = await runCommandLine(process.argv.slice(2), { commands, version, io });
 */
export const runCommandLine = async (args: readonly string[], deps: CommandLineDeps): Promise<number> => {
  const { commands, io, version } = deps;
  const [name = '', ...rest] = args;
  const asksHelp = name === 'help';
  if (name === '' || isHelp(name) || (asksHelp && (rest[0] === undefined || isHelp(rest[0])))) {
    io.stdout.write(await overview(deps));
    return 0;
  }
  if (name === '--version' || name === '-V' || name === 'version') {
    io.stdout.write(`${await version()}\n`);
    return 0;
  }
  const [wanted = '', ...words] = asksHelp ? rest : args;
  const load = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined;
  if (load === undefined) {
    io.stderr.write(noSuchCommand('credmint', wanted, Object.keys(commands)));
    return 2;
  }
  const whole = await load();
  const { command, rest: left } = innermost(whole, words);
  // What follows `--` is another command's.
  const own = left.includes('--') ? left.slice(0, left.indexOf('--')) : left;
  const names = Object.keys(command.subcommands ?? {});
  const [unknown] = asksHelp && names.length > 0 ? own : [];
  if (unknown !== undefined && !isHelp(unknown)) {
    io.stderr.write(noSuchCommand(`credmint ${wanted}`, unknown, names));
    return 2;
  }
  if (asksHelp || own.some(isHelp)) {
    io.stdout.write(`${command.usage}\n`);
    return 0;
  }
  try {
    return await whole.run(words, io);
  } catch (thrown) {
    io.stderr.write(`${describe(thrown, command)}\n`);
    return 2;
  }
};

const overview = async ({ commands }: CommandLineDeps): Promise<string> => {
  const listed = Object.entries(commands).map(async ([name, load]) => [name, (await load()).summary] as const);
  return [
    'credmint COMMAND\n\n',
    overviewOf(await Promise.all(listed)),
    '\n`credmint COMMAND --help` says what a command takes, `credmint --version` which credmint this is.\n',
  ].join('');
};

/** A fault of the configuration, of the command line or of the system; anything else is a fault of ours. */
const describe = (thrown: unknown, { usage }: Command): string => {
  const { name, code, message, path, syscall } = thrown as NodeJS.ErrnoException;
  if (name === 'ConfigError' || name === 'StsError') return message;
  if (code?.startsWith('ERR_PARSE_ARGS') === true) return `${withHint(message, usage)}\n\n${usage}`;
  const cause = causeOf(thrown);
  if (cause === 'Unknown') return `credmint failed unexpectedly${code === undefined ? '' : ` (${code})`}.`;
  return `${path ?? syscall ?? 'credmint'}: ${causeInWords(cause)}`;
};

/** Names the option that was probably meant. The usage has them all. */
const withHint = (message: string, usage: string): string => {
  const asked = /'(--[\w-]+)/.exec(message)?.[1];
  const near =
    asked &&
    nearest(
      asked,
      [...usage.matchAll(/--[a-z-]+/g)].map(([option]) => option),
    );
  return near === undefined || near === asked ? message : `${message}\nDid you mean ${near}?`;
};
