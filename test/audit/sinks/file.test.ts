import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readLines } from '../../../lib/audit/read-lines.ts';
import { fileSink } from '../../../lib/audit/sinks/file.ts';
import type { LockFile } from '../../../lib/audit/sinks/file-lock.ts';
import { type AuditTrail, openAuditTrail } from '../../../lib/audit/trail.ts';
import { auditVerifier, type VerifyOptions } from '../../../lib/audit/verify/verify.ts';
import { newKey, someRecord } from '../../support/audit-logs.ts';
import { virtualClock } from '../../support/clock.ts';
import { holdLock } from '../../support/hold-lock.ts';

const root = mkdtempSync(join(tmpdir(), 'credmint-audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = newKey();
let path = '';
let count = 0;
beforeEach(() => {
  path = join(root, `audit-${++count}.jsonl`);
});

/** The lock of a process that ends without closing anything: the system releases it. */
const noLock: LockFile = async () => ({ release: () => undefined });

let chains = 0;
const openTrail = (deps: Parameters<typeof fileSink>[1] = { lock: noLock }, sync = false): Promise<AuditTrail> =>
  openAuditTrail(fileSink({ path, sync }, deps), virtualClock(), {
    id: (++chains).toString(16).padStart(32, '0'),
    keys: { current: key.signing, older: [] },
    checkpoint: { everyRecords: 3, everySeconds: 3600 },
  });

const forever = { signal: new AbortController().signal };

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
    const trail = await openTrail({}, sync);
    await decide(trail, 5);
    const lines = readFileSync(path, 'utf8').split('\n');
    await trail.close(forever);

    expect(lines.filter((line) => line.includes('credmint.decision'))).toHaveLength(5);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await verifyFiles([path])).toMatchObject({ ok: true });
  });

  it('goes on after a restart, each chain naming the one before', async () => {
    for (let start = 0; start < 3; start++) {
      const trail = await openTrail();
      await decide(trail, 2);
      await trail.close(forever);
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
    const crashed = await openTrail();
    await decide(crashed, 4);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, cut === undefined ? bytes.lastIndexOf('😀') + 2 : bytes.length - cut));
    const trail = await openTrail();
    await decide(trail, 1);
    await trail.close(forever);

    const report = await verifyFiles([path]);
    expect(report).toMatchObject({ ok: true, torn: cut === 1 ? 0 : 1 });
    expect(report.chains[0]?.followedBy).toBe(report.chains[1]?.chain);
  });

  it('does not forgive an unfinished line that no checkpoint names', async () => {
    const trail = await openTrail();
    await decide(trail, 1);
    appendFileSync(path, '{"audit.chain.hash":"00\n');
    await decide(trail, 1);
    await trail.close(forever);

    expect((await verifyFiles([path])).faults).toEqual([{ problem: 'Foreign', place: { file: path, line: 3 } }]);
  });

  it('is begun anew when it was moved, without a signal', async () => {
    let time = 0;
    const trail = await openTrail({ monotonicMs: () => time });
    await decide(trail, 2);
    renameSync(path, `${path}.1`);
    await decide(trail, 1);
    time += 1000;
    await decide(trail, 2);
    rmSync(path);
    time += 1000;
    await decide(trail, 2);
    await trail.close(forever);

    // What was removed is missing; what was moved is not.
    expect((await verifyFiles([`${path}.1`, path])).faults).toMatchObject([{ problem: 'Missing', place: { line: 1 } }]);
    expect(readFileSync(`${path}.1`, 'utf8').match(/credmint\.decision/g)).toHaveLength(3);
  });

  it('verifies across a rotation', async () => {
    let time = 0;
    const trail = await openTrail({ monotonicMs: () => time });
    await decide(trail, 4);
    renameSync(path, `${path}.1`);
    time += 1000;
    await decide(trail, 4);
    await trail.close(forever);

    expect(await verifyFiles([`${path}.1`, path])).toMatchObject({ ok: true, chains: [{ records: 8 }] });
    expect(await verifyFiles([path], { partial: true })).toMatchObject({ ok: true, chains: [{ records: 4 }] });
  });

  it('that cannot be opened is named, with the reason', async () => {
    path = join(root, 'no', 'such', 'folder', 'audit.jsonl');

    await expect(openTrail({})).rejects.toMatchObject({
      code: 'Misconfigured',
      message: expect.stringMatching(/folder\/audit\.jsonl cannot be opened: nothing is there \(ENOENT\)\./),
    });
    const full = async () => Promise.reject(Object.assign(new Error('disk full'), { errcode: 13 }));
    await expect(openTrail({ lock: full })).rejects.toMatchObject({
      message: expect.stringContaining('cannot be opened: the database or its disk is full (SQLITE_FULL).'),
    });
  });

  it('is refused while another writes it, and taken over when that one has closed it', async () => {
    const first = await openTrail({});
    await decide(first, 1);
    await expect(openTrail({})).rejects.toMatchObject({
      code: 'Misconfigured',
      message: expect.stringContaining(`Another process writes the audit file ${path}`),
    });
    await first.close(forever);
    const second = await openTrail({});
    await decide(second, 1);
    await second.close(forever);

    expect(await verifyFiles([path])).toMatchObject({ ok: true, chains: [{ ended: true }, { ended: true }] });
  });

  it('is refused while another process writes it, and taken over when that one was killed', async () => {
    const held = await holdLock(path);
    await expect(openTrail({})).rejects.toMatchObject({ code: 'Misconfigured' });
    await held.kill();
    const trail = await openTrail({});
    await decide(trail, 1);
    await trail.close(forever);

    expect(await verifyFiles([path])).toMatchObject({ ok: true });
  });
});

describe('files of several processes', () => {
  const fileOf = (pid: number): string => path.replace('%p', String(pid));

  const killed = async (pid: number): Promise<void> => {
    const trail = await openTrail({ pid, lock: noLock });
    await decide(trail, 2);
  };

  beforeEach(() => {
    path = join(root, `${count}-%p.jsonl`);
  });

  it('are chained by whoever starts next: the end of a killed process cannot be cut off unseen', async () => {
    await killed(11);
    await killed(12);
    const next = await openTrail({ pid: 13 });
    await decide(next, 1);
    await next.close(forever);
    const files = [11, 12, 13].map(fileOf);
    expect(await verifyFiles(files)).toMatchObject({ ok: true, chains: [{ ended: false }, { ended: false }, {}] });

    const lines = readFileSync(fileOf(12), 'utf8').trimEnd().split('\n');
    writeFileSync(fileOf(12), `${lines.slice(0, -1).join('\n')}\n`);
    const { faults } = await verifyFiles(files);
    expect(faults.map(({ problem }) => problem)).toEqual(['Cut']);

    rmSync(fileOf(11));
    const more = await verifyFiles(files.slice(1));
    expect(more.faults.map(({ problem }) => problem)).toEqual(['NoPredecessor', 'NoPredecessor']);
  });

  it('leave those alone that are still written, or that ended', async () => {
    const running = await openTrail({ pid: 11 });
    await decide(running, 1);
    const ended = await openTrail({ pid: 12 });
    await decide(ended, 1);
    await ended.close(forever);
    const next = await openTrail({ pid: 13 });
    await decide(next, 1);

    expect(readFileSync(fileOf(13), 'utf8')).not.toContain('audit.checkpoint.stopped');
    await running.close(forever);
    await next.close(forever);
  });
});
