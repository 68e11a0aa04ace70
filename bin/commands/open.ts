import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openReply } from '../../lib/delivery/open.ts';
import type { Command } from './command.ts';

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
    if (file === undefined || values.key === undefined) {
      io.stderr.write(`${open.usage}\n`);
      return 2;
    }
    const reply = readFileSync(file === '-' ? 0 : file, 'utf8');
    try {
      const opened = await openReply(reply, JSON.parse(readFileSync(values.key, 'utf8')));
      io.stdout.write(`${JSON.stringify(opened, null, 2)}\n`);
      return 0;
    } catch {
      // The library's own message may quote what it could not decrypt.
      io.stderr.write('The reply cannot be opened with this key.\n');
      return 1;
    }
  },
};
