#!/usr/bin/env node
import { clouds } from '../lib/clouds/dialects.ts';
import { ConfigError } from '../lib/config/load.ts';
import { audit } from './commands/audit.ts';
import { authority } from './commands/authority.ts';
import { check } from './commands/check.ts';
import type { Command, Io } from './commands/command.ts';
import { doctor } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { issuer } from './commands/issuer.ts';
import { open } from './commands/open.ts';
import { seal } from './commands/seal.ts';

const commands: Readonly<Record<string, Command>> = { check, explain, doctor, audit, open, seal, issuer, authority };

const help = (): string =>
  ['credmint COMMAND', ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)].join(
    '\n',
  );

const io: Io = { clouds, stdout: process.stdout, stderr: process.stderr, environment: process.env };

// A reader that closes the pipe early (`| head`) is not an error.
process.stdout.on('error', () => process.exit(0));

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

/** Describes a fault of the configuration or of the command line; anything else is a fault of ours. */
const describe = (thrown: unknown): string => {
  if (thrown instanceof ConfigError) return thrown.message;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS') === true) return `${message}\n\n${command?.usage ?? ''}`;
  return code === undefined ? 'credmint failed unexpectedly.' : `A file cannot be read (${code}).`;
};

if (command === undefined) {
  io.stderr.write(`${help()}\n`);
  process.exitCode = name === '' || name === 'help' ? 0 : 2;
} else if (args.includes('--help')) io.stdout.write(`${command.usage}\n`);
else {
  process.exitCode = await command.run(args, io).catch((thrown: unknown) => {
    io.stderr.write(`${describe(thrown)}\n`);
    return 2;
  });
}
