#!/usr/bin/env node
import { clouds } from '../lib/clouds/dialects.ts';
import type { Command, Io } from './commands/command.ts';

/** Loaded when called: a credential_process is started often, and must not load what operators need. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  get: async () => (await import('./commands/get.ts')).get,
  exec: async () => (await import('./commands/exec.ts')).exec,
  'credential-process': async () => (await import('./commands/credential-process.ts')).credentialProcess,
  agent: async () => (await import('./commands/agent.ts')).agent,
  login: async () => (await import('./commands/login.ts')).login,
  check: async () => (await import('./commands/check.ts')).check,
  explain: async () => (await import('./commands/explain.ts')).explain,
  prove: async () => (await import('./commands/prove.ts')).prove,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  audit: async () => (await import('./commands/audit.ts')).audit,
  open: async () => (await import('./commands/open.ts')).open,
  seal: async () => (await import('./commands/seal.ts')).seal,
  issuer: async () => (await import('./commands/issuer.ts')).issuer,
  authority: async () => (await import('./commands/authority.ts')).authority,
};

const help = async (): Promise<string> => {
  const lines = Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(20)}${(await load()).summary}\n`);
  return `credmint COMMAND\n${(await Promise.all(lines)).join('')}`;
};

const io: Io = { clouds, stdout: process.stdout, stderr: process.stderr, environment: process.env };

// A reader that closes the pipe early (`| head`) is not an error.
process.stdout.on('error', () => process.exit(0));

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;

/** The arguments of ours: what follows `--` is another command's. */
const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;

/** Describes a fault of the configuration or of the command line; anything else is a fault of ours. */
const describe = (thrown: unknown): string => {
  const { name: kind, code, message } = thrown as NodeJS.ErrnoException;
  if (kind === 'ConfigError') return message;
  if (code?.startsWith('ERR_PARSE_ARGS') === true) return `${message}\n\n${command?.usage ?? ''}`;
  return code === undefined ? 'credmint failed unexpectedly.' : `A file cannot be read (${code}).`;
};

if (command === undefined) {
  const isHelp = ['', 'help', '--help', '-h'].includes(name);
  (isHelp ? io.stdout : io.stderr).write(await help());
  process.exitCode = isHelp ? 0 : 2;
} else if (ownArgs.includes('--help')) io.stdout.write(`${command.usage}\n`);
else {
  process.exitCode = await command.run(args, io).catch((thrown: unknown) => {
    io.stderr.write(`${describe(thrown)}\n`);
    return 2;
  });
}
