import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readLines } from '../../../lib/audit/read-lines.ts';
import { fileSink } from '../../../lib/audit/sinks/file.ts';
import { type AuditTrail, auditTrail } from '../../../lib/audit/trail.ts';
import { auditVerifier, type VerifyOptions } from '../../../lib/audit/verify/verify.ts';
import { newKey, someRecord } from '../../support/audit-logs.ts';

const root = mkdtempSync(join(tmpdir(), 'credmint-audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = newKey();
let path = '';
let count = 0;
beforeEach(() => {
  path = join(root, `audit-${++count}.jsonl`);
});

let chains = 0;
const openTrail = (sync = false, clock?: () => number): AuditTrail =>
  auditTrail(fileSink(path, sync, clock), () => new Date(), {
    id: (++chains).toString(16).padStart(32, '0'),
    keys: { current: key.signing, older: [] },
    checkpoint: { everyRecords: 3, everySeconds: 3600 },
  });

const verifyFiles = async (files: readonly string[], options: VerifyOptions = { complete: true }) => {
  const verifier = auditVerifier([key.publicKey], options);
  for (const file of files) {
    let line = 0;
    for await (const bytes of readLines(file)) verifier.take(bytes, { file, line: ++line });
  }
  return verifier.finish();
};

const decide = async (trail: AuditTrail, times: number): Promise<void> => {
  await Promise.all(Array.from({ length: times }, () => trail.record(someRecord({ sessionName: 'ü€😀' }))));
};

describe('a file', () => {
  it.each([false, true])('holds every line when its record is said to be written (sync: %s)', async (sync) => {
    const trail = openTrail(sync);
    await decide(trail, 5);
    const lines = readFileSync(path, 'utf8').split('\n');
    await trail.close();

    expect(lines.filter((line) => line.includes('credmint.decision'))).toHaveLength(5);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await verifyFiles([path])).toMatchObject({ ok: true });
  });

  it('goes on after a restart, each chain naming the one before', async () => {
    for (let start = 0; start < 3; start++) {
      const trail = openTrail();
      await decide(trail, 2);
      await trail.close();
    }
    const report = await verifyFiles([path]);

    expect(report).toMatchObject({ ok: true, chains: [{ records: 2 }, { records: 2 }, { records: 2 }] });
    expect(readFileSync(path, 'utf8').match(/audit\.checkpoint\.after/g)).toHaveLength(2);
  });

  it.each([
    ['in the middle of a line', 100],
    ['in the middle of a character', undefined],
    ['before the end of a line', 1],
  ])('shows a crash for what it was: %s', async (_, cut) => {
    const crashed = openTrail();
    await decide(crashed, 4);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, cut === undefined ? bytes.lastIndexOf('😀') + 2 : bytes.length - cut));
    const trail = openTrail();
    await decide(trail, 1);
    await trail.close();

    const report = await verifyFiles([path]);
    expect(report).toMatchObject({ ok: true, torn: cut === 1 ? 0 : 1 });
    expect(report.chains[0]?.followedBy).toBe(report.chains[1]?.chain);
  });

  it('does not forgive an unfinished line that no checkpoint names', async () => {
    const trail = openTrail();
    await decide(trail, 1);
    appendFileSync(path, '{"audit.chain.hash":"00\n');
    await decide(trail, 1);
    await trail.close();

    expect((await verifyFiles([path])).faults).toEqual([{ problem: 'Foreign', place: { file: path, line: 3 } }]);
  });

  it('is begun anew when it was moved, without a signal', async () => {
    let time = 0;
    const trail = openTrail(false, () => time);
    await decide(trail, 2);
    renameSync(path, `${path}.1`);
    await decide(trail, 1);
    time += 1000;
    await decide(trail, 2);
    rmSync(path);
    time += 1000;
    await decide(trail, 2);
    await trail.close();

    // What was removed is missing; what was moved is not.
    expect((await verifyFiles([`${path}.1`, path])).faults).toMatchObject([{ problem: 'Missing', place: { line: 1 } }]);
    expect(readFileSync(`${path}.1`, 'utf8').match(/credmint\.decision/g)).toHaveLength(3);
  });

  it('verifies across a rotation', async () => {
    let time = 0;
    const trail = openTrail(false, () => time);
    await decide(trail, 4);
    renameSync(path, `${path}.1`);
    time += 1000;
    await decide(trail, 4);
    await trail.close();

    expect(await verifyFiles([`${path}.1`, path])).toMatchObject({ ok: true, chains: [{ records: 8 }] });
    expect(await verifyFiles([path], { partial: true })).toMatchObject({ ok: true, chains: [{ records: 4 }] });
  });

  it('that cannot be opened is reported to the decision', async () => {
    path = join(root, 'no', 'such', 'folder', 'audit.jsonl');

    await expect(openTrail().record(someRecord())).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('reading lines', () => {
  it('gives them as they stand, and cuts those that are none of ours', async () => {
    writeFileSync(path, Buffer.from(`a\r\n\n${'x'.repeat(3 * 1024 * 1024)}\nü\u2028b`));
    const lines: Buffer[] = [];
    for await (const line of readLines(path)) lines.push(line);

    expect(lines.map((line) => line.length)).toEqual([2, 0, expect.any(Number), 6]);
    expect(lines[2]?.length).toBeLessThan(2 * 1024 * 1024);
  });
});
