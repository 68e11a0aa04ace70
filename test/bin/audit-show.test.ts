import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { audit } from '../../bin/commands/audit.ts';
import { createChain } from '../../lib/audit/chain.ts';
import { signingKey } from '../../lib/audit/keys.ts';
import { lineOf } from '../../lib/audit/line.ts';
import type { AuditRecord } from '../../lib/core/audit.ts';
import { newKey } from '../support/audit-logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-show-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = newKey();
const keyFile = join(folder, 'audit.pub.pem');
writeFileSync(keyFile, key.publicKey.export({ type: 'spki', format: 'pem' }));

const put = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
};

const record = (minute: number, changes: Partial<AuditRecord> = {}): AuditRecord => ({
  time: new Date(Date.UTC(2026, 10, 22, 12, minute)),
  requestId: `request-${minute}`,
  dialect: 'json',
  operation: 'AssumeRole',
  outcome: 'Done',
  caller: 'ci',
  account: 'aws',
  origin: 'minted',
  milliseconds: 12.34,
  ...changes,
});

/** A chain with a checkpoint behind every second record, and without an end. */
const chained = (records: readonly AuditRecord[]): string[] => {
  const chain = createChain({
    id: 'a'.repeat(32),
    keys: { current: signingKey(key.privateKey), older: [] },
    checkpoint: { everyRecords: 2, everySeconds: 1_000_000 },
  });
  return records.flatMap((one) => chain.add(lineOf(one), one.time));
};

const lines = chained([
  record(0),
  record(1, { outcome: 'AccessDenied', caller: 'intern', reason: 'NoGrant' }),
  record(2, { operation: 'GetFederationToken', account: 'tencent' }),
  record(3, { caller: 'session', subject: 'ci-of-another', actor: 'agent' }),
  record(4, { callerKeyId: 'AKIDCI' }),
]);
const log = put('audit.jsonl', lines);

const run = async (...args: string[]) => {
  const said = { out: '', err: '' };
  const into = (name: keyof typeof said) => ({ write: (text: string) => (said[name] += text) });
  const code = await audit.run(['show', ...args], {
    stdout: into('out'),
    stderr: into('err'),
    clouds: [],
    environment: {},
  });
  return { code, ...said };
};

/** The requests that are shown, with their standing. */
const shown = async (...args: string[]) => {
  const { code, out } = await run(log, '--key', keyFile, '--json', ...args);
  const { records, found, log: report } = JSON.parse(out);
  const requests = records.map(
    (one: { standing: string; record: Record<string, unknown> }) =>
      `${String(one.record['http.request.id']).slice(8)} ${one.standing}`,
  );
  return { code, found, isWhole: report?.ok, requests };
};

describe('credmint audit show', () => {
  it('shows records in words, and which of them a checkpoint proves', async () => {
    const { code, out, err } = await run(log, '--key', keyFile);
    expect([code, err]).toEqual([0, '']);
    const rows = out.trimEnd().split('\n');
    expect(rows[0]).toMatch(/^TIME +WHO +OPERATION +ACCOUNT +OUTCOME +WHY +TOOK +REQUEST +PROOF +LINE$/);
    expect(rows[2]).toMatch(
      /^2026-11-22T12:01:00.000Z +intern +AssumeRole +aws +AccessDenied +NoGrant +12.3 ms +request-1 +proven +\S+:3$/,
    );
    expect(rows.slice(1, 6).map((row) => / (proven|unproven|FALSE) /.exec(row)?.[1])).toEqual([
      'proven',
      'proven',
      'proven',
      'proven',
      'unproven',
    ]);
    expect(rows[6]).toBe('5 records found. The log is whole.');
  });

  it.each([
    [
      ['--who', 'ci'],
      ['0 proven', '2 proven', '4 unproven'],
    ],
    [['--who', 'agent'], ['3 proven']],
    [['--who', 'ci-of-another'], ['3 proven']],
    [['--who', 'AKIDCI'], ['4 unproven']],
    [['--account', 'tencent'], ['2 proven']],
    [['--operation', 'GetFederationToken'], ['2 proven']],
    [['--outcome', 'accessdenied'], ['1 proven']],
    [
      ['--since', '2026-11-22T12:03:00Z'],
      ['3 proven', '4 unproven'],
    ],
    [['--since', '2026-11-22', '--until', '2026-11-22T12:01:00Z'], ['0 proven']],
    [['--since', '1m'], []],
    [['--who', 'ci', '--account', 'aws', '--limit', '1'], ['4 unproven']],
    [
      ['--limit', '3'],
      ['2 proven', '3 proven', '4 unproven'],
    ],
  ])('filters by %j', async (args, requests) => {
    expect(await shown(...args)).toMatchObject({ code: 0, isWhole: true, requests });
  });

  it('says how many were found if not all are shown', async () => {
    const { out } = await run(log, '--key', keyFile, '--limit', '2');
    expect(out).toContain('5 records found, the latest 2 of them shown. The log is whole.');
  });

  it('says that nothing was verified, without a key', async () => {
    const { code, out } = await run(log, '--outcome', 'Done');
    expect([code, out]).toEqual([0, expect.stringContaining('4 records found. Nothing was verified: give --key.')]);
    const plain = put('plain.jsonl', [lineOf(record(0))]);
    expect((await run(plain)).out).toContain('1 record found.');
  });

  it('calls false what was changed, all of its chain behind it, and a false line among proven ones', async () => {
    const third = lines.findIndex((line) => line.includes('request-2'));
    const changed = put('changed.jsonl', lines.with(third, (lines[third] ?? '').replace('tencent', 'ucloud2')));
    const { code, out } = await run(changed, '--key', keyFile);
    expect(code).toBe(1);
    expect(out.match(/ (proven|unproven|FALSE) /g)).toEqual([' proven ', ' proven ', ' FALSE ', ' FALSE ', ' FALSE ']);
    expect(out).toContain('THE LOG IS NOT WHOLE. The first bad record:');

    const first = lines.find((line) => line.includes('request-0')) ?? '';
    const added = put('added.jsonl', [...lines, first.replace('"aws"', '"gcp"')]);
    const { out: again } = await run(added, '--key', keyFile, '--account', 'gcp');
    expect(again).toMatch(/request-0 +FALSE /);
  });

  it('shows a line that occurs twice once', async () => {
    const twice = put(
      'twice.jsonl',
      lines.flatMap((line) => [line, line]),
    );
    expect((await run(twice, '--key', keyFile)).out).toContain('5 records found. The log is whole.');
  });

  it('lets no line of a forged log move the cursor or begin a row', async () => {
    const forged = put('forged.jsonl', [
      JSON.stringify({ 'event.name': 'credmint.decision', 'enduser.id': '\u001b[2J\nroot', timestamp: '\r' }),
    ]);
    const { out } = await run(forged);
    expect(out).not.toMatch(/[\u001b\r]/);
    expect(out.trimEnd().split('\n')).toHaveLength(3);
  });

  it.each([
    [['--outcome', 'Nope'], '--outcome must be one of Done, AlreadyDone, InvalidRequest'],
    [['--since', 'yesterday'], '--since must be 2026-11-22T12:00:00Z'],
    [['--limit', '0'], '--limit must be a whole number'],
  ])('says what an option must be: %j', async (args, says) => {
    await expect(run(log, ...args)).rejects.toThrow(says);
  });
});
