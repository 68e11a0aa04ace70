import { parseArgs } from 'node:util';
import { UsageError } from '../../../lib/diagnostics/explain.ts';
import { diff as proveDiff } from '../../../lib/diagnostics/prove/diff.ts';
import { diffMarkdown, diffText } from '../../../lib/diagnostics/prove/report.ts';
import type { Command } from '../command.ts';
import { proving } from '../prove-deps.ts';
import { writtenConfig } from '../written-config.ts';
import { jsonText, searchUsage } from './search-usage.ts';

const usage = `credmint prove diff OLD NEW [--json | --markdown]

Says what the configuration NEW admits and OLD does not, and the reverse. Exits with 1 if anything is newly admitted.

  --markdown  write a comment for a pull request
  --json      print whole requests as JSON

${searchUsage}`;

export const diff: Command = {
  summary: 'say what the configuration NEW admits and OLD does not, and the reverse',
  usage,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, markdown: { type: 'boolean', default: false } },
    });
    const [older, newer, ...more] = positionals;
    if (older === undefined || newer === undefined || more.length > 0) {
      throw new UsageError('Two files are compared: OLD and NEW.');
    }
    const [before, after] = [writtenConfig(older, io).written, writtenConfig(newer, io).written];
    const difference = proving(io, (deps) => proveDiff(before, after, deps));
    const text = values.markdown ? diffMarkdown : diffText;
    io.stdout.write(values.json ? jsonText(difference) : text(difference));
    return difference.admitted.length > 0 ? 1 : 0;
  },
};
