import { describe, expect, it } from 'vitest';
import type { Sink } from '../../lib/audit/sink.ts';
import { auditTrail, type Chaining, maxWaiting } from '../../lib/audit/trail.ts';
import { verifyAudit } from '../../lib/audit/verify/verify.ts';
import { newKey, someRecord } from '../support/audit-logs.ts';

const key = newKey();
const chaining = (everyRecords = 100, everySeconds = 60): Chaining => ({
  id: '0123456789abcdef0123456789abcdef',
  keys: { current: key.signing, older: [] },
  checkpoint: { everyRecords, everySeconds },
});

/** A clock that stands still until it is moved. */
const clock = () => {
  let at = Date.parse('2026-11-22T02:34:16Z');
  return {
    now: () => new Date(at),
    pass: (seconds: number) => {
      at += seconds * 1000;
    },
  };
};

/** A sink whose writes end when the test says so. */
const heldSink = () => {
  const written: string[] = [];
  const writes: { readonly lines: readonly string[]; end(fault?: Error): void }[] = [];
  const sink: Sink = {
    write: (lines) =>
      new Promise((resolve, reject) => {
        writes.push({
          lines,
          end: (fault) => {
            if (fault !== undefined) return reject(fault);
            written.push(...lines);
            resolve();
          },
        });
      }),
  };
  return { sink, written, writes };
};

/** A sink that takes everything at once, or nothing while it is down. */
const memorySink = () => {
  const written: string[] = [];
  const state = { down: false };
  const sink: Sink = {
    write: async (lines) => {
      if (state.down) throw new Error('down');
      written.push(...lines);
    },
  };
  return { sink, written, state };
};

/** Lets everything happen that waits for nothing outside. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const kinds = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)['audit.checkpoint.kind'] ?? 'record').join(' ');

describe('an audit trail', () => {
  it('resolves when the record is written, and not before', async () => {
    const { sink, writes } = heldSink();
    const trail = auditTrail(sink, clock().now);
    let done = false;
    const recorded = trail.record(someRecord()).then(() => {
      done = true;
    });

    await settled();
    expect(done).toBe(false);
    writes[0]?.end();
    await recorded;
    expect(done).toBe(true);
  });

  it('writes together what arrives while a write is under way', async () => {
    const { sink, writes, written } = heldSink();
    const trail = auditTrail(sink, clock().now, chaining());
    const first = trail.record(someRecord());
    await settled();
    const others = [1, 2, 3].map((count) => trail.record(someRecord({ sessionName: `s${count}` })));
    await settled();

    expect(writes).toHaveLength(1);
    writes[0]?.end();
    await first;
    await settled();
    expect(writes.map(({ lines }) => kinds(lines))).toEqual(['begin record', 'record record record']);
    writes[1]?.end();
    await Promise.all(others);
    expect(await verifyAudit(written, [key.publicKey])).toMatchObject({ ok: true });
  });

  it('begins, marks every so many records, and ends', async () => {
    const { sink, written } = memorySink();
    const trail = auditTrail(sink, clock().now, chaining(2));
    for (let count = 0; count < 5; count++) await trail.record(someRecord());
    await trail.close();

    expect(kinds(written)).toBe('begin record record progress record record progress record end');
    expect(await verifyAudit(written, [key.publicKey], { complete: true })).toMatchObject({ ok: true });
  });

  it('marks after so many seconds, when the next record is written', async () => {
    const { sink, written } = memorySink();
    const time = clock();
    const trail = auditTrail(sink, time.now, chaining(100, 60));
    await trail.record(someRecord());
    time.pass(59);
    await trail.record(someRecord());
    time.pass(1);
    await trail.record(someRecord());

    expect(kinds(written)).toBe('begin record record record progress');
  });

  it('writes nothing of a process that decided nothing', async () => {
    const { sink, written } = memorySink();
    await auditTrail(sink, clock().now, chaining()).close();

    expect(written).toEqual([]);
  });

  it('writes lines without a chain if there is no key', async () => {
    const { sink, written } = memorySink();
    const trail = auditTrail(sink, clock().now);
    await trail.record(someRecord());
    await trail.close();

    expect(written.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ['credmint.dialect', 'credmint.outcome', 'event.name', 'http.request.id', 'timestamp'],
    ]);
  });

  it('takes nothing after its end', async () => {
    const { sink } = memorySink();
    const trail = auditTrail(sink, clock().now, chaining());
    await trail.record(someRecord());
    await trail.close();

    await expect(trail.record(someRecord())).rejects.toThrow('closed');
  });

  it('tells of a failure, keeps what failed, and writes it before all else', async () => {
    const { sink, written, state } = memorySink();
    const trail = auditTrail(sink, clock().now, chaining());
    await trail.record(someRecord({ sessionName: 'one' }));
    state.down = true;
    await expect(trail.record(someRecord({ sessionName: 'two' }))).rejects.toThrow('down');
    await expect(trail.record(someRecord({ sessionName: 'three' }))).rejects.toThrow('down');
    state.down = false;
    await trail.record(someRecord({ sessionName: 'four' }));
    await trail.close();

    expect(written.map((line) => JSON.parse(line)['credmint.session']).filter(Boolean)).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
    expect(await verifyAudit(written, [key.publicKey], { complete: true })).toMatchObject({ ok: true });
  });

  it('stays whole when a write failed that had been done', async () => {
    const written: string[] = [];
    let failures = 0;
    const sink: Sink = {
      write: async (lines) => {
        written.push(...lines);
        if (++failures === 2) throw new Error('The answer was lost.');
      },
    };
    const trail = auditTrail(sink, clock().now, chaining(2));
    await trail.record(someRecord());
    await expect(trail.record(someRecord())).rejects.toThrow();
    await trail.record(someRecord());
    await trail.close();

    expect(await verifyAudit(written, [key.publicKey], { complete: true })).toMatchObject({ ok: true, repeated: 2 });
  });

  it('makes no more lines than it can keep for a sink that is down', async () => {
    const { sink, written, state } = memorySink();
    const trail = auditTrail(sink, clock().now, chaining());
    state.down = true;
    for (let count = 0; count < maxWaiting + 20; count++) await trail.record(someRecord()).catch(() => undefined);
    state.down = false;
    await trail.close();

    expect(written.length).toBeLessThan(maxWaiting + 10);
    expect(await verifyAudit(written, [key.publicKey], { complete: true })).toMatchObject({ ok: true });
    await expect(trail.record(someRecord())).rejects.toThrow();
  });

  it('tries its beginning again', async () => {
    const { sink, written } = memorySink();
    let asked = 0;
    const trail = auditTrail(
      {
        ...sink,
        remains: async () => {
          if (++asked === 1) throw new Error('no such folder');
          return {};
        },
      },
      clock().now,
      chaining(),
    );

    await expect(trail.record(someRecord())).rejects.toThrow('no such folder');
    await trail.record(someRecord());
    expect(kinds(written)).toBe('begin record');
  });
});
