import { describe, expect, it } from 'vitest';
import type { Sink } from '../../lib/audit/sink.ts';
import { type AuditTrail, type Chaining, maxWaitingRecords, openAuditTrail } from '../../lib/audit/trail.ts';
import { verifyAudit } from '../../lib/audit/verify/verify.ts';
import type { AuditRecord, WriteRecord } from '../../lib/core/audit.ts';
import { newKey, someRecord } from '../support/audit-logs.ts';
import { virtualClock } from '../support/clock.ts';

const key = newKey();
const chaining = (everyRecords = 100, everySeconds = 60): Chaining => ({
  id: '0123456789abcdef0123456789abcdef',
  keys: { current: key.signing, older: [] },
  checkpoint: { everyRecords, everySeconds },
});

const forever = { signal: new AbortController().signal };

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
  const state = { down: false, attempts: 0 };
  const sink: Sink = {
    write: async (lines) => {
      state.attempts++;
      if (state.down) throw new Error('down');
      written.push(...lines);
    },
  };
  return { sink, written, state };
};

const reserve = (trail: AuditTrail, deadline = forever): Promise<WriteRecord> => {
  if (trail.record.reserve === undefined) throw new Error('The trail reserves nothing.');
  return trail.record.reserve(deadline);
};

/** A deadline of a clock: the signal is aborted after so many milliseconds. */
const within = (clock: ReturnType<typeof virtualClock>, milliseconds: number) => {
  const over = new AbortController();
  void clock.sleep(milliseconds).then(() => over.abort());
  return { signal: over.signal };
};

/** Whether something has ended, and how. */
const watch = (promise: Promise<unknown>) => {
  const seen: { state: 'waiting' | 'done' | string } = { state: 'waiting' };
  promise.then(
    () => {
      seen.state = 'done';
    },
    (thrown) => {
      seen.state = thrown.code ?? thrown.message;
    },
  );
  return seen;
};

const kinds = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)['audit.checkpoint.kind'] ?? 'record').join(' ');

const sessions = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)['credmint.session']).filter(Boolean);

const named = (sessionName: string): AuditRecord => someRecord({ sessionName });

describe('an audit trail', () => {
  it('resolves when the record is written, and not before', async () => {
    const clock = virtualClock();
    const { sink, writes } = heldSink();
    const trail = await openAuditTrail(sink, clock);
    const recorded = watch(trail.record(someRecord()));

    await clock.settle();
    expect(recorded.state).toBe('waiting');
    writes[0]?.end();
    await clock.settle();
    expect(recorded.state).toBe('done');
  });

  it('writes together what arrives while a write is under way', async () => {
    const clock = virtualClock();
    const { sink, writes, written } = heldSink();
    const trail = await openAuditTrail(sink, clock, chaining());
    const first = trail.record(someRecord());
    await clock.settle();
    const others = [1, 2, 3].map((count) => trail.record(named(`s${count}`)));
    await clock.settle();

    expect(writes).toHaveLength(1);
    writes[0]?.end();
    await first;
    await clock.settle();
    expect(writes.map(({ lines }) => kinds(lines))).toEqual(['begin record', 'record record record']);
    writes[1]?.end();
    await Promise.all(others);
    expect(await verifyAudit(written, [key.publicKey])).toMatchObject({ ok: true });
  });

  it('begins, marks every so many records, and ends', async () => {
    const { sink, written } = memorySink();
    const trail = await openAuditTrail(sink, virtualClock(), chaining(2));
    for (let count = 0; count < 5; count++) await trail.record(someRecord());
    await trail.close(forever);

    expect(kinds(written)).toBe('begin record record progress record record progress record end');
    expect(await verifyAudit(written, [key.publicKey], { complete: true })).toMatchObject({ ok: true });
  });

  it('marks after so many seconds, when the next record is written', async () => {
    const { sink, written } = memorySink();
    const clock = virtualClock();
    const trail = await openAuditTrail(sink, clock, chaining(100, 60));
    await trail.record(someRecord());
    await clock.pass(59_000);
    await trail.record(someRecord());
    await clock.pass(1_000);
    await trail.record(someRecord());

    expect(kinds(written)).toBe('begin record record record progress');
  });

  it('writes nothing of a process that decided nothing', async () => {
    const { sink, written } = memorySink();
    await (await openAuditTrail(sink, virtualClock(), chaining())).close(forever);

    expect(written).toEqual([]);
  });

  it('writes lines without a chain if there is no key', async () => {
    const { sink, written } = memorySink();
    const trail = await openAuditTrail(sink, virtualClock());
    await trail.record(someRecord());
    await trail.close(forever);

    expect(written.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ['credmint.dialect', 'credmint.outcome', 'event.name', 'http.request.id', 'timestamp'],
    ]);
  });

  it('takes nothing after its end', async () => {
    const { sink } = memorySink();
    const trail = await openAuditTrail(sink, virtualClock(), chaining());
    const write = await reserve(trail);
    await trail.close(forever);

    await expect(write(someRecord())).rejects.toMatchObject({ code: 'Unavailable' });
    await expect(trail.record(someRecord())).rejects.toMatchObject({ code: 'Unavailable' });
    expect(trail.state()).toMatchObject({ waiting: 0, takesRecords: false });
  });

  it('says so if it cannot be opened', async () => {
    const { sink } = memorySink();
    const closed = { ...sink, open: () => Promise.reject(new Error('no such folder')) };
    await expect(openAuditTrail(closed, virtualClock(), chaining())).rejects.toThrow('no such folder');
  });

  it('stays whole when a write failed that had been done', async () => {
    const written: string[] = [];
    let failures = 0;
    const clock = virtualClock();
    const sink: Sink = {
      write: async (lines) => {
        written.push(...lines);
        if (++failures === 2) throw new Error('The answer was lost.');
      },
    };
    const trail = await openAuditTrail(sink, clock, chaining(2));
    await trail.record(someRecord());
    const second = trail.record(someRecord());
    await clock.pass(1_000);
    await second;
    await trail.close(forever);

    expect(await verifyAudit(written, [key.publicKey], { complete: true })).toMatchObject({ ok: true, repeated: 2 });
  });
});

describe('an audit trail whose sink is down', () => {
  it('writes what waits, in its order, within a second of the recovery, although nothing more is asked', async () => {
    const { sink, written, state } = memorySink();
    const clock = virtualClock();
    const trail = await openAuditTrail(sink, clock, chaining());
    await trail.record(named('one'));
    state.down = true;
    const records = ['two', 'three'].map((name) => watch(trail.record(named(name))));
    await clock.pass(60_000);
    expect(records.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    state.down = false;
    await clock.pass(1_000);
    await trail.close(forever);

    expect(records.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(sessions(written)).toEqual(['one', 'two', 'three']);
    expect(await verifyAudit(written, [key.publicKey], { complete: true })).toMatchObject({ ok: true });
  });

  it('refuses a record at its deadline and keeps it all the same', async () => {
    const { sink, written, state } = memorySink();
    const clock = virtualClock();
    const trail = await openAuditTrail(sink, clock, chaining());
    state.down = true;
    const write = await reserve(trail, within(clock, 5_000));
    const recorded = watch(write(named('late')));
    await clock.pass(5_500);
    expect(recorded.state).toBe('waiting');
    await clock.pass(1_000);
    expect(recorded.state).toBe('Unavailable');
    state.down = false;
    await clock.pass(1_000);

    expect(sessions(written)).toEqual(['late']);
    expect(trail.state()).toMatchObject({ waiting: 0, takesRecords: true });
  });

  it('refuses room at once when it has been down for long, and gives it again when it is not', async () => {
    const { sink, state } = memorySink();
    const clock = virtualClock();
    const trail = await openAuditTrail(sink, clock, chaining());
    state.down = true;
    void trail.record(someRecord());
    await clock.pass(10_500);
    expect(trail.state()).toMatchObject({ waiting: 1, takesRecords: false });
    await expect(reserve(trail)).rejects.toMatchObject({ code: 'Unavailable', detail: { retryAfterSeconds: 1 } });
    state.down = false;
    await clock.pass(1_000);

    await expect(reserve(trail)).resolves.toBeTypeOf('function');
    expect(trail.state()).toMatchObject({ stalledMs: 0, takesRecords: true });
  });

  it('asks the sink no more than a few times a second', async () => {
    const { sink, state } = memorySink();
    const clock = virtualClock();
    const trail = await openAuditTrail(sink, clock);
    state.down = true;
    void trail.record(someRecord());
    await clock.pass(60_000);

    expect(state.attempts).toBeGreaterThan(60);
    expect(state.attempts).toBeLessThan(200);
  });
});

describe('an audit trail whose sink hangs', () => {
  it('refuses at the deadline, and writes no second time before the first write has ended', async () => {
    const { sink, writes, written } = heldSink();
    const clock = virtualClock();
    const trail = await openAuditTrail(sink, clock);
    const recorded = watch((await reserve(trail, within(clock, 3_000)))(named('stuck')));
    await clock.pass(60_000);
    expect(recorded.state).toBe('Unavailable');
    expect(writes).toHaveLength(1);
    writes[0]?.end();
    await clock.settle();

    expect(sessions(written)).toEqual(['stuck']);
    expect(trail.state()).toMatchObject({ waiting: 0, takesRecords: true });
  });

  it('closes by the deadline, with an error', async () => {
    const { sink } = heldSink();
    const clock = virtualClock();
    const trail = await openAuditTrail(sink, clock, chaining());
    watch(trail.record(someRecord()));
    await clock.settle();
    const closed = watch(trail.close(within(clock, 20_000)));
    await clock.pass(20_000);
    expect(closed.state).toBe('waiting');
    await clock.pass(1_000);

    expect(closed.state).toBe('Unavailable');
  });
});

describe('a full audit trail', () => {
  const filled = async () => {
    const clock = virtualClock();
    const { sink, writes } = heldSink();
    const trail = await openAuditTrail(sink, clock);
    const writeAll = await Promise.all(Array.from({ length: maxWaitingRecords }, () => reserve(trail)));
    return { clock, writes, trail, writeAll };
  };

  it('has room for more records than a server has requests', async () => {
    const { trail } = await filled();
    expect(trail.state()).toMatchObject({ waiting: 2_000, takesRecords: false });
  });

  it('lets the next ones wait until a record is written', async () => {
    const { clock, writes, trail, writeAll } = await filled();
    const waiting = [watch(reserve(trail)), watch(reserve(trail))];
    await clock.settle();
    expect(waiting.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    const [write] = writeAll;
    void write?.(someRecord());
    await clock.settle();
    writes[0]?.end();
    await clock.settle();

    expect(waiting.map(({ state }) => state)).toEqual(['done', 'waiting']);
    expect(trail.state().waiting).toBe(maxWaitingRecords);
  });

  it('refuses those whose deadline is over, and keeps the order of the others', async () => {
    const { clock, writes, trail, writeAll } = await filled();
    const late = watch(reserve(trail, within(clock, 1_000)));
    const next = watch(reserve(trail));
    await clock.pass(1_000);
    expect(late.state).toBe('Unavailable');
    void writeAll[0]?.(someRecord());
    await clock.settle();
    writes[0]?.end();
    await clock.settle();

    expect(next.state).toBe('done');
  });
});
