import { parseArgs } from 'node:util';
import { sealSecret } from '../../lib/config/sealed-secret.ts';
import { Secret } from '../../lib/core/secret.ts';
import { UsageError } from '../../lib/diagnostics/explain.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { readArgument } from './argument-file.ts';
import type { Command } from './command.ts';

export const seal: Command = {
  summary: 'seal the secret of an access key, for use in the configuration as sealed:…',
  usage: `credmint seal KEY-ID --ring FILE < SECRET

Reads the secret from standard input. --ring is the file of the first of seal.keys. The output opens for this key id
alone.`,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ring: { type: 'string' } },
    });
    const [id] = positionals;
    if (id === undefined) throw new UsageError('KEY-ID is missing.');
    if (values.ring === undefined) throw new UsageError('--ring is missing.');
    const material = readArgument(values.ring).toString().trim();
    const secret = readArgument('-')
      .toString()
      .replace(/\r?\n$/, '');
    if (material.length < 32 || secret === '') {
      io.stderr.write('The ring must have at least 32 characters, and the secret at least one.\n');
      return 2;
    }
    io.stdout.write(`${sealSecret(keyring(new Secret(material)), id, new Secret(secret))}\n`);
    return 0;
  },
};
