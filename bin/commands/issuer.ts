import { parseArgs } from 'node:util';
import { composeIssuer } from '../../lib/app/compose-issuer.ts';
import { processDeps } from '../../lib/app/process-deps.ts';
import { fetchConfig } from '../../lib/config/load.ts';
import { StsError } from '../../lib/core/errors.ts';
import { documentsOf } from '../../lib/issuer/documents.ts';
import type { Command } from './command.ts';

/** How long the keys may take to be opened, in milliseconds. */
const maxOpeningMs = 10_000;

export const issuer: Command = {
  summary: "print the issuer's public documents, for the function that serves them",
  usage:
    'credmint issuer [--config FILE]\n\n  Opens every key of the issuer and prints what may be published of them, as JSON by path:\n  credmint issuer > credmint.issuer.json',
  run: async (args, { environment, stdout, stderr }) => {
    const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } });
    const path = values.config ?? (environment['CREDMINT_CONFIG'] || 'credmint.config.json');
    const deps = processDeps();
    try {
      const opened = composeIssuer(await fetchConfig(path, environment, deps), deps);
      if (opened === undefined) throw new StsError('Misconfigured', 'The configuration has no issuer.');
      const documents = await documentsOf(opened, AbortSignal.timeout(maxOpeningMs));
      const values = Object.fromEntries(Object.entries(documents).map(([name, text]) => [name, JSON.parse(text)]));
      stdout.write(`${JSON.stringify(values, null, 2)}\n`);
      return 0;
    } catch (thrown) {
      if (!(thrown instanceof StsError)) throw thrown;
      stderr.write(`${thrown.message}\n`);
      return 2;
    }
  },
};
