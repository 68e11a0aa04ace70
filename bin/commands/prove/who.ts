import { parseArgs } from 'node:util';
import { grantOperations } from '../../../lib/config/sections/grants.ts';
import { omitUndefined } from '../../../lib/core/omit-undefined.ts';
import { oneOf, UsageError } from '../../../lib/diagnostics/explain.ts';
import { whoText } from '../../../lib/diagnostics/prove/report.ts';
import { who as proveWho } from '../../../lib/diagnostics/prove/who.ts';
import type { Command } from '../command.ts';
import { proving } from '../prove-deps.ts';
import { writtenConfig } from '../written-config.ts';
import { jsonText, searchUsage } from './search-usage.ts';

const usage = `credmint prove who --account NAME [--role ROLE] [--operation OPERATION] [--except PATTERN]... [--config FILE] [--json]

Names everybody who can have it, each with the shortest request that is allowed. Exits with 1 if anybody else can.

  --except  who is known to have it: a pattern of sub, CLAIM=PATTERN or caller=NAME
  --json    print whole requests as JSON

${searchUsage}`;

export const who: Command = {
  summary: 'name everybody who can have it, each with the shortest request that is allowed',
  usage,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        account: { type: 'string' },
        role: { type: 'string' },
        operation: { type: 'string' },
        except: { type: 'string', multiple: true, default: [] as string[] },
        json: { type: 'boolean', default: false },
      },
    });
    const { account, role, operation, except, config, json } = values;
    if (account === undefined) throw new UsageError('--account is missing.');
    const { written } = writtenConfig(config, io);
    // A name that is misspelt would be answered with "Nobody".
    const accounts = new Set([...Object.keys(written.accounts), ...written.grants.map((grant) => grant.account)]);
    const question = {
      account: oneOf('account', account, [...accounts]),
      except,
      ...omitUndefined({
        role,
        operation: operation === undefined ? undefined : oneOf('operation', operation, grantOperations),
      }),
    };
    const holders = proving(io, (deps) => proveWho(written, question, deps));
    const nobody = except.length === 0 ? 'Nobody.\n' : 'Nobody else.\n';
    io.stdout.write(json ? jsonText(holders) : holders.length === 0 ? nobody : whoText(holders));
    // Without an exception, somebody is meant to have it.
    const isSettled =
      except.length === 0 ? holders.every(({ finding }) => finding.kind === 'found') : holders.length === 0;
    return isSettled ? 0 : 1;
  },
};
