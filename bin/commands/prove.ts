import { parseArgs } from 'node:util';
import { diff } from '../../lib/diagnostics/prove/diff.ts';
import { lint } from '../../lib/diagnostics/prove/lint.ts';
import { diffMarkdown, diffText, lintText, whoText } from '../../lib/diagnostics/prove/report.ts';
import { who } from '../../lib/diagnostics/prove/who.ts';
import type { Command, Io } from './command.ts';
import { proveDepsOf } from './prove-deps.ts';
import { writtenConfig } from './written-config.ts';

const usage = `credmint prove who --account NAME [--role ROLE] [--operation OPERATION] [--except PATTERN]... [--config FILE] [--json]
credmint prove diff OLD NEW [--json | --markdown]
credmint prove lint [--config FILE] [--json]

  who   everybody who can have it, each with the shortest request that is allowed
  diff  what the configuration NEW admits and OLD does not, and the reverse
  lint  what is allowed or can never be used, and is probably not meant

  --except  who is known to have it: a pattern of sub, CLAIM=PATTERN or caller=NAME

Decides offline, without secrets. Exits with 1 if anybody else can have it, if anything is newly admitted, or if there is a
warning; also if a bound was hit, and says which.`;

const options = {
  config: { type: 'string' },
  account: { type: 'string' },
  role: { type: 'string' },
  operation: { type: 'string' },
  except: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
} as const;

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true });

type Values = ReturnType<typeof parse>['values'];

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const misused = (io: Io): number => {
  io.stderr.write(`${usage}\n`);
  return 2;
};

const proveWho = ({ account, role, operation, except = [], config, ...values }: Values, io: Io): number => {
  if (account === undefined) return misused(io);
  const { written } = writtenConfig(config, io);
  const question = {
    account,
    except,
    ...(role === undefined ? {} : { role }),
    ...(operation === undefined ? {} : { operation }),
  };
  const holders = who(written, question, proveDepsOf(io));
  const nobody = except.length === 0 ? 'Nobody.\n' : 'Nobody else.\n';
  io.stdout.write(values.json ? json(holders) : holders.length === 0 ? nobody : whoText(holders));
  // Without an exception, somebody is meant to have it.
  const isSettled =
    except.length === 0 ? holders.every(({ finding }) => finding.kind === 'found') : holders.length === 0;
  return isSettled ? 0 : 1;
};

const proveDiff = ([older, newer, ...more]: readonly string[], values: Values, io: Io): number => {
  if (older === undefined || newer === undefined || more.length > 0) return misused(io);
  const difference = diff(writtenConfig(older, io).written, writtenConfig(newer, io).written, proveDepsOf(io));
  const text = values.markdown ? diffMarkdown : diffText;
  io.stdout.write(values.json ? json(difference) : text(difference));
  return difference.admitted.length > 0 ? 1 : 0;
};

const proveLint = (values: Values, io: Io): number => {
  const warnings = lint(writtenConfig(values.config, io).written, proveDepsOf(io));
  io.stdout.write(values.json ? json(warnings) : warnings.length === 0 ? 'No warnings.\n' : lintText(warnings));
  return warnings.length > 0 ? 1 : 0;
};

export const prove: Command = {
  summary: 'prove who can have what, and what a change of the configuration admits',
  usage,
  run: async (args, io) => {
    const { positionals, values } = parse(args);
    const [subject, ...files] = positionals;
    if (subject === 'diff') return proveDiff(files, values, io);
    if (files.length > 0) return misused(io);
    if (subject === 'who') return proveWho(values, io);
    return subject === 'lint' ? proveLint(values, io) : misused(io);
  },
};
