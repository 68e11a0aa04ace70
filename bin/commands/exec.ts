import { parseArgs } from 'node:util';
import { agentVariables, hidingVariables } from '../../lib/client/agent/variables.ts';
import { readDotenv } from '../../lib/client/dotenv.ts';
import { ClientError, usageError } from '../../lib/client/errors.ts';
import { openClient } from '../client/open-client.ts';
import { clientOptions, clientOptionsUsage, reportingErrors } from '../client/options.ts';
import { runChild } from '../client/run-child.ts';
import { startAgent } from '../client/start-agent.ts';
import type { Command, Io } from './command.ts';

/** What a child must not inherit: the proofs by which we got its credentials. */
const ownVariables = ['CREDMINT_TOKEN', 'CREDMINT_KEY', 'CREDMINT_SECRET', 'CREDMINT_ID_TOKEN'];

/** Variables by which SDKs find keys that end; an agent's readers must not have them. */
const renewable = ['AWS_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_ID'];

const without = (environment: Io['environment'], names: readonly string[]): Record<string, string | undefined> => {
  const rest = { ...environment };
  for (const name of names) delete rest[name];
  return rest;
};

export const exec: Command = {
  summary: 'run a command that has credentials, renewed while it runs',
  usage: `credmint exec [--static] [OPTIONS] -- COMMAND [ARGUMENT...]

The exit code and the signals are those of the command; 127 if there is no such command, 126 if it cannot be run.
AWS's and Alibaba's SDKs read an agent of this process, which renews; other clouds' have variables that hold the keys.

  --static              variables that hold the keys for every cloud; they are not renewed
${clientOptionsUsage}`,
  run: async (args, io) => {
    const end = args.indexOf('--');
    const { values } = parseArgs({
      args: end < 0 ? [...args] : args.slice(0, end),
      options: { ...clientOptions, static: { type: 'boolean', default: false } },
    });
    return reportingErrors(io, async () => {
      const command = end < 0 ? [] : args.slice(end + 1);
      if (command.length === 0) throw usageError('No command: credmint exec [OPTIONS] -- COMMAND');
      const client = openClient(values, io);
      const variables = readDotenv(await client.text('dotenv'));
      if (variables === undefined)
        throw new ClientError('refused', 'NotCredmint', 'The answer of the server does not hold variables.');
      const inherited = without(io.environment, [...ownVariables, ...hidingVariables]);
      const isRenewed = !values.static && renewable.some((name) => variables[name] !== undefined);
      const agent = isRenewed ? await startAgent(client, { port: 0, metadata: false }, io) : undefined;
      try {
        await agent?.ready();
        const given =
          agent === undefined
            ? variables
            : { ...without(variables, hidingVariables), ...agentVariables({ ...agent, metadata: false }) };
        const ended = await runChild(command, { ...inherited, ...given });
        if ('error' in ended) io.stderr.write(`credmint: ${command[0]}: ${ended.error}\n`);
        if ('code' in ended) return ended.code;
        // As the child ended, so do we: a shell tells a signal from an exit code.
        process.kill(process.pid, ended.signal);
        return 128;
      } finally {
        await agent?.close();
      }
    });
  },
};
