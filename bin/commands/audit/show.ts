import { parseArgs } from 'node:util';
import { type AuditFilter, auditSearch, type FoundRecord, type Standing } from '../../../lib/audit/verify/search.ts';
import { auditVerifier } from '../../../lib/audit/verify/verify.ts';
import { doneOutcomes } from '../../../lib/core/audit.ts';
import { stsErrors } from '../../../lib/core/errors.ts';
import { omitUndefined } from '../../../lib/core/omit-undefined.ts';
import { UsageError } from '../../../lib/diagnostics/explain.ts';
import { readInstant } from '../../../lib/wire/instant.ts';
import type { Command } from '../command.ts';
import { printable } from '../printable.ts';
import { tableText } from '../table-text.ts';
import { readKeys, readLog } from './log-files.ts';
import { counted, faultText, placeText } from './report-text.ts';
import { logOptions, logOptionsUsage } from './verify.ts';

const usage = `credmint audit show FILE… [--key FILE…] [--who NAME] [--account NAME] [--operation NAME] [--outcome CODE]
                    [--since WHEN] [--until WHEN] [--limit COUNT] [--partial] [--collected] [--json]

Shows the records of an audit log that meet every filter, the latest of them. The files are read as one log, in the order
given: of a rotated log, the oldest first. With a key the log is verified on the way, and each record is said to be

  proven        it is as it was written: a signed checkpoint behind it says so
  unproven      its chain holds so far, and no checkpoint is behind it yet
  FALSE         it is not part of a chain that holds: do not believe it

  --who NAME         the caller's name, whom its proof names, the id of its key, or who acts for it
  --account NAME     the account
  --operation NAME   AssumeRole, ReadLease, …
  --outcome CODE     Done, or the code of an error: AccessDenied, …
  --since WHEN       an instant (2026-11-22T12:00:00Z), a day (2026-11-22), or so long ago (90m, 12h, 7d)
  --until WHEN       the same; that instant is not shown
  --limit COUNT      how many records are shown at most, the latest of those found (default 50)
  --json             print the records as they are written, and what was found of the log, as JSON
${logOptionsUsage}

Exits with 1 if the log is not whole.`;

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const whenOf = (option: string, text: string | undefined, now: Date): Date | undefined => {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (unitMs[unit] ?? 0));
  const instant = readInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (instant === undefined)
    throw new UsageError(`--${option} must be 2026-11-22T12:00:00Z, 2026-11-22, or so long ago: 90m, 12h or 7d.`);
  return instant;
};

const outcomeOf = (text: string | undefined): string | undefined => {
  const known = [...doneOutcomes, ...Object.keys(stsErrors)];
  const found = known.find((one) => one.toLowerCase() === text?.toLowerCase());
  if (text !== undefined && found === undefined) throw new UsageError(`--outcome must be one of ${known.join(', ')}.`);
  return found;
};

const inWords: Readonly<Record<Standing, string>> = {
  proven: 'proven',
  unproven: 'unproven',
  false: 'FALSE',
  unchecked: '-',
};

const rowOf = ({ fields, standing, place }: FoundRecord): readonly string[] => {
  const text = (name: string): string => printable(fields[name]);
  const why = [
    'credmint.denial.reason',
    'credmint.caller.fault',
    'credmint.upstream.code',
    'credmint.cause',
    'credmint.origin',
  ];
  const milliseconds = fields['credmint.latency.total'];
  return [
    text('timestamp'),
    text('enduser.id'),
    text('credmint.operation'),
    text('credmint.account'),
    text('credmint.outcome'),
    text(why.find((name) => fields[name] !== undefined) ?? ''),
    typeof milliseconds === 'number' ? `${milliseconds.toFixed(1)} ms` : '-',
    text('http.request.id'),
    inWords[standing],
    placeText(place),
  ];
};

const head = ['TIME', 'WHO', 'OPERATION', 'ACCOUNT', 'OUTCOME', 'WHY', 'TOOK', 'REQUEST', 'PROOF', 'LINE'];

export const show: Command = {
  summary: 'show the records of an audit log that meet filters, and whether they are proven',
  usage,
  run: async (args, io) => {
    const { values, positionals: files } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...logOptions,
        who: { type: 'string' },
        account: { type: 'string' },
        operation: { type: 'string' },
        outcome: { type: 'string' },
        since: { type: 'string' },
        until: { type: 'string' },
        limit: { type: 'string', default: '50' },
      },
    });
    if (files.length === 0) throw new UsageError('FILE is missing.');
    if (!/^[1-9]\d{0,5}$/.test(values.limit)) throw new UsageError('--limit must be a whole number from 1 to 999999.');
    const now = new Date();
    const filter: AuditFilter = omitUndefined({
      who: values.who,
      account: values.account,
      operation: values.operation,
      outcome: outcomeOf(values.outcome),
      since: whenOf('since', values.since, now),
      until: whenOf('until', values.until, now),
    });
    const keys = readKeys(values.key, io);
    if (keys === undefined) return 2;
    const { partial, collected } = values;
    const verifier = keys.length === 0 ? undefined : auditVerifier(keys, { partial, collected });
    const search = auditSearch(filter, { limit: Number(values.limit), ...omitUndefined({ verifier }) });
    await readLog(files, 'reading', search.take, io);
    const { records, found, report } = search.finish();
    if (values.json) {
      const all = records.map(({ fields, standing, place }) => ({ standing, place, record: fields }));
      io.stdout.write(`${JSON.stringify({ found, records: all, log: report }, null, 2)}\n`);
      return report?.ok === false ? 1 : 0;
    }
    if (records.length > 0) io.stdout.write(tableText([head, ...records.map(rowOf)]));
    const more = found > records.length ? `, the latest ${records.length} of them shown` : '';
    io.stdout.write(`${counted(found, 'record')} found${more}. ${verdict(report)}`);
    return report?.ok === false ? 1 : 0;
  },
};

const verdict = (report: ReturnType<ReturnType<typeof auditVerifier>['finish']> | undefined): string => {
  if (report === undefined) return 'Nothing was verified: give --key.\n';
  const [first] = report.faults;
  return first === undefined
    ? 'The log is whole.\n'
    : `THE LOG IS NOT WHOLE. The first bad record:\n${faultText(first)}`;
};
