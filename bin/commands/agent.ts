import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { agentFiles, quoted } from '../../lib/client/agent/files.ts';
import { usageError } from '../../lib/client/errors.ts';
import { privateFolder, writePrivate } from '../../lib/laptop/files.ts';
import { openClient } from '../client/open-client.ts';
import { clientFolder, clientOptions, clientOptionsUsage, reportingErrors, saidIn } from '../client/options.ts';
import { startAgent } from '../client/start-agent.ts';
import type { Command } from './command.ts';

const portOf = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536;
  if (port > 65_535) throw usageError('--port must be a port.');
  return port;
};

const ended = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

/** What a stopped agent leaves would send its readers to whoever has the port next. Another of the same name may have written anew. */
const removeOwn = ({ token, env }: ReturnType<typeof agentFiles>): void => {
  if (!existsSync(token.path) || readFileSync(token.path, 'utf8') !== token.text) return;
  for (const { path } of [env, token]) rmSync(path, { force: true });
};

export const agent: Command = {
  summary: 'serve credentials to the SDKs of this machine, renewed before they end',
  usage: `credmint agent [--port PORT] [--name NAME] [--metadata] [OPTIONS]

Writes the variables by which SDKs find it to a private file, whose name it prints, for a shell to read:
  . ~/.config/credmint/agents/NAME/env

  --port PORT           a port of its own, so that programs survive a restart of the agent (default: any that is free)
  --name NAME           the folder of its files (default: the profile's name)
  --metadata            be the metadata service of EC2 (version 2) and of Tencent's CVM too; Linux only
${clientOptionsUsage}`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...clientOptions,
        port: { type: 'string', default: '0' },
        name: { type: 'string' },
        metadata: { type: 'boolean', default: false },
      },
    });
    return reportingErrors(io, async () => {
      const name = values.name ?? values.profile ?? saidIn(io)['CREDMINT_PROFILE'] ?? 'default';
      if (!/^[\w.-]{1,64}$/.test(name) || /^\.+$/.test(name)) throw usageError('--name must be a plain name.');
      const { metadata } = values;
      const client = openClient(values, io);
      const started = await startAgent(client, { port: portOf(values.port), metadata }, io);
      try {
        await started.ready();
        const folder = join(clientFolder(io), 'agents', name);
        privateFolder(folder);
        const files = agentFiles({ ...started, metadata }, folder);
        for (const { path, text } of Object.values(files)) writePrivate(path, text);
        // Before anybody is told that it runs.
        const stopped = ended();
        io.stderr.write(`credmint serves credentials on http://127.0.0.1:${started.port}\n`);
        io.stdout.write(`. ${quoted(files.env.path)}\n`);
        await stopped;
        removeOwn(files);
        return 0;
      } finally {
        await started.close();
      }
    });
  },
};
