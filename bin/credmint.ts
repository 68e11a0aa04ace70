#!/usr/bin/env node
import { clouds } from '../lib/clouds/dialects.ts';
import { runCommandLine } from './command-line.ts';
import type { Command, Io } from './commands/command.ts';
import { watchOutput } from './watch-output.ts';

/** Loaded when called: a credential_process is started often, and must not load what operators need. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  get: async () => (await import('./commands/get.ts')).get,
  exec: async () => (await import('./commands/exec.ts')).exec,
  'credential-process': async () => (await import('./commands/credential-process.ts')).credentialProcess,
  leases: async () => (await import('./commands/leases.ts')).leases,
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
  completion: async () => (await import('./commands/completion.ts')).completion(commands),
};

const io: Io = { clouds, stdout: process.stdout, stderr: process.stderr, environment: process.env };

watchOutput(process);

process.exitCode = await runCommandLine(process.argv.slice(2), {
  commands,
  version: async () => (await import('./version.ts')).version,
  io,
});
