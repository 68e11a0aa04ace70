import { nearest } from '../../lib/core/nearest.ts';
import type { Command } from './command.ts';

/** Commands by name, as they are listed: what each is for. */
export const overviewOf = (commands: readonly (readonly [name: string, summary: string])[]): string => {
  const width = Math.max(...commands.map(([name]) => name.length)) + 2;
  return commands.map(([name, summary]) => `  ${name.padEnd(width)}${summary}\n`).join('');
};

/** What is said of a command that there is not; `names` are those that there are. */
export const noSuchCommand = (parent: string, asked: string, names: readonly string[]): string => {
  const near = nearest(asked, names);
  const hint =
    near === undefined
      ? `\`${parent.replace('credmint', 'credmint help')}\` lists the commands.`
      : `Did you mean ${near}?`;
  return `${parent} has no command of that name. ${hint}\n`;
};

/**
 * A command that is made of others. The name of one of them comes first.
 *
 * @example
 * export const audit = withSubcommands('audit', 'prove that an audit log is whole, or look into it', { verify, show });
 */
export const withSubcommands = (
  name: string,
  summary: string,
  subcommands: Readonly<Record<string, Command>>,
): Command => {
  const parent = `credmint ${name}`;
  const listed = Object.entries(subcommands).map(([sub, command]) => [sub, command.summary] as const);
  const usage = `${parent} COMMAND\n\n${overviewOf(listed)}\n\`${parent} COMMAND --help\` says what a command takes.`;
  return {
    summary,
    usage,
    subcommands,
    run: async ([asked, ...rest], io) => {
      const command = asked !== undefined && Object.hasOwn(subcommands, asked) ? subcommands[asked] : undefined;
      if (command !== undefined) return command.run(rest, io);
      const isName = asked !== undefined && !asked.startsWith('-');
      io.stderr.write(isName ? noSuchCommand(parent, asked, Object.keys(subcommands)) : `${usage}\n`);
      return 2;
    },
  };
};

/** The command that these words name, and what is left of them for it. */
export const innermost = (
  command: Command,
  args: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } => {
  const [name = '', ...rest] = args;
  const { subcommands = {} } = command;
  const inner = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  return inner === undefined ? { command, rest: args } : innermost(inner, rest);
};
