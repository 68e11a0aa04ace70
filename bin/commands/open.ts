import { parseArgs } from 'node:util';
import { jweIn, openReply, refusalIn } from '../../lib/delivery/open.ts';
import { UsageError } from '../../lib/diagnostics/explain.ts';
import { member, readJson } from '../../lib/wire/json.ts';
import { readArgument } from './argument-file.ts';
import type { Command } from './command.ts';
import { printable } from './printable.ts';

export const open: Command = {
  summary: 'decrypt the credentials in a reply to an event with the recipient’s private key',
  usage: `credmint open FILE --key FILE

FILE is a credmint.mint.completed event or the JWE in it; - is standard input. The key is a private JSON Web Key.
Prints the credentials as JSON.`,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: 'string' } },
    });
    const [file] = positionals;
    if (file === undefined) throw new UsageError('FILE is missing.');
    if (values.key === undefined) throw new UsageError('--key is missing.');
    const reply = readArgument(file).toString();
    const key = readJson(readArgument(values.key).toString());
    if (typeof member(key, 'd') !== 'string') {
      io.stderr.write(`${values.key}: contains no private JSON Web Key.\n`);
      return 2;
    }
    if (jweIn(reply) === undefined) {
      const refusal = refusalIn(reply);
      const why =
        refusal === undefined
          ? 'There are no credentials in this reply.'
          : `The request was refused: ${printable(refusal)}`;
      io.stderr.write(`${why}\n`);
      return 1;
    }
    try {
      const opened = await openReply(reply, key as Parameters<typeof openReply>[1]);
      io.stdout.write(`${JSON.stringify(opened, null, 2)}\n`);
      return 0;
    } catch {
      // The library's own message may quote what it could not decrypt.
      io.stderr.write('The reply cannot be opened with this key.\n');
      return 1;
    }
  },
};
