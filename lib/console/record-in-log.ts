import { stat } from 'node:fs/promises';
import { type Entry, readEntry } from '../audit/entry.ts';
import { readPublicKey } from '../audit/keys.ts';
import { eventNames } from '../audit/names.ts';
import { readLines } from '../audit/read-lines.ts';
import type { AuditSettings } from '../audit/settings.ts';
import { problems } from '../audit/verify/faults.ts';
import { auditVerifier } from '../audit/verify/verify.ts';
import type { LogView } from './view.ts';

/** As much of a log as is read for a page, in bytes: a second or two, in pieces between which others are served. */
const maxLogBytes = 64 * 1024 * 1024;

const unknown = (why: string): LogView => ({ kind: 'unknown', why });

/**
 * Finds the record of a request in the audit log and verifies all of the log, if this process writes it to a file. Reads
 * from the signal's abort no further.
 */
const recordInLog = async (
  requestId: string,
  { sink, keys }: AuditSettings,
  pid: number,
  signal: AbortSignal,
): Promise<LogView> => {
  if (sink.kind !== 'file') {
    return unknown(
      `The log is sent to ${sink.kind}, where this page cannot read. npx credmint audit verify proves it.`,
    );
  }
  if (keys === undefined) return unknown('The log is not chained: audit.key is not configured.');
  const publicKeys = [keys.current, ...keys.older].flatMap(({ publicText }) => readPublicKey(publicText) ?? []);
  const path = sink.path.replaceAll('%p', String(pid));
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return unknown('The file of the log cannot be read.');
  if (size > maxLogBytes) {
    return unknown(
      `The file has ${Math.round(size / 1024 / 1024)} MiB: too much for a page. npx credmint audit verify proves it.`,
    );
  }
  const verifier = auditVerifier(publicKeys, { partial: true });
  const asked = `"http.request.id":${JSON.stringify(requestId)}`;
  let entry: Entry | undefined;
  let isProven = false;
  for await (const line of readLines(path)) {
    if (signal.aborted) return unknown('Reading the log took too long. npx credmint audit verify proves it.');
    verifier.take(line);
    if (entry === undefined) {
      if (line.includes(asked)) entry = readEntry(line);
    } else if (!isProven && line.includes(eventNames.checkpoint) && line.includes(entry.chain)) {
      const later = readEntry(line);
      isProven = later?.chain === entry.chain && later.members['event.name'] === eventNames.checkpoint;
    }
  }
  if (entry === undefined) return unknown('The record is not in this file of the log: it may be in an older one.');
  const { ok, faults, lines } = verifier.finish();
  const [fault] = faults;
  return {
    kind: 'found',
    chain: entry.chain,
    sequence: entry.sequence,
    isWhole: ok,
    isProven,
    lines,
    ...(fault === undefined ? {} : { fault: `Line ${fault.place?.line ?? 0}: ${problems[fault.problem]}` }),
  };
};

/** As `recordInLog`, for one page at a time: of many at once nobody would be answered in time. */
export const logReader = (): typeof recordInLog => {
  let isBusy = false;
  return async (...asked) => {
    if (isBusy) return unknown('The log is being read for another page; ask again.');
    isBusy = true;
    try {
      return await recordInLog(...asked);
    } finally {
      isBusy = false;
    }
  };
};
