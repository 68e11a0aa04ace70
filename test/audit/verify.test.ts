import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/audit/canonical.ts';
import { type AuditReport, auditVerifier, type VerifyOptions, verifyAudit } from '../../lib/audit/verify/verify.ts';
import { type Happening, happenings, linkOf, newKey, writeLog } from '../support/audit-logs.ts';

const key = newKey();

const verify = (lines: readonly (string | Uint8Array)[], options: VerifyOptions = { complete: true }): AuditReport => {
  const verifier = auditVerifier([key.publicKey], options);
  for (const line of lines) verifier.take(line);
  return verifier.finish();
};

/** The lines of a file of these bytes. */
const split = (bytes: Buffer): Buffer[] => {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  if (from < bytes.length) lines.push(bytes.subarray(from));
  return lines;
};

/** The line again, with what is given changed and the hash made anew: what a forger without the key can do. */
const forged = (line: string, changes: Readonly<Record<string, unknown>>): string => {
  const { 'audit.chain.hash': _, ...rest } = JSON.parse(line);
  const text = canonicalJson({ ...rest, ...changes });
  return canonicalJson({ ...JSON.parse(text), 'audit.chain.hash': hash('sha256', text, 'hex') });
};

const records = (count: number, instance = 0): Happening[] =>
  Array.from({ length: count }, (_, index) => ({ instance, what: 'record', session: `s${index}` }));
const restart: Happening = { instance: 0, what: 'restart', session: '' };
const crash: Happening = { instance: 0, what: 'crash', session: '' };

describe('an honest log', () => {
  it('is whole, whatever instances wrote it and however often they began anew', () => {
    fc.assert(
      fc.property(happenings, (plan) => {
        const report = verify(writeLog(key, plan), { complete: plan.all.some(({ what }) => what === 'record') });
        const count = plan.all.filter(({ what }) => what === 'record').length;

        if (count === 0) return;
        expect(report).toMatchObject({ ok: true, faults: [], repeated: 0 });
        expect(report.chains.reduce((sum, chain) => sum + chain.records, 0)).toBe(count);
        expect(report.chains.every((chain) => chain.ended && chain.unproven === 0)).toBe(true);
      }),
    );
  });

  it('is whole when chains lie among each other in another way, as in many files', () => {
    fc.assert(
      fc.property(happenings, fc.infiniteStream(fc.nat(5)), (plan, choices) => {
        const lines = writeLog(key, { ...plan, all: [...plan.all, ...records(1)] });
        const byChain = [...Map.groupBy(lines, (line) => linkOf(line).chain).values()];
        const shuffled: string[] = [];
        while (byChain.some((chain) => chain.length > 0)) {
          const left = byChain.filter((chain) => chain.length > 0);
          const line = left[(choices.next().value ?? 0) % left.length]?.shift();
          if (line !== undefined) shuffled.push(line);
        }

        expect(verify(shuffled)).toMatchObject({ ok: true, faults: [] });
      }),
    );
  });

  it('may say a line twice, as sinks do that deliver at least once', () => {
    fc.assert(
      fc.property(happenings, fc.nat(), fc.nat(), (plan, which, where) => {
        const lines = writeLog(key, { ...plan, all: [...plan.all, ...records(1)] });
        const from = which % lines.length;
        const to = from + 1 + (where % (lines.length - from));
        const report = verify(lines.toSpliced(to, 0, lines[from] ?? ''));

        expect(report).toMatchObject({ ok: true, repeated: 1 });
      }),
    );
  });

  it('may have gone through a collector, if that is said', () => {
    const lines = writeLog(key, { everyRecords: 2, all: records(5) });
    const respelt = lines.map((line) => JSON.stringify(JSON.parse(line), null, 1).replaceAll('\n', ' '));
    const collected = ['START RequestId: 1', ...respelt, '{"message":"REPORT"}'];

    expect(verify(collected, { complete: true, collected: true })).toMatchObject({ ok: true, foreign: 2 });
    expect(verify(collected).faults[0]).toMatchObject({ problem: 'Foreign', place: { line: 1 } });
    const twice = respelt.map((line, at) => (at === 1 ? line.replace('{', '{"credmint.outcome":"Internal",') : line));
    expect(verify(twice, { collected: true }).faults[0]).toMatchObject({ problem: 'Missing', sequence: 1 });
  });
});

describe('a log that was tampered with', () => {
  const tampered = (check: (lines: string[], pick: (below: number) => number) => void, seed?: number): void => {
    fc.assert(
      fc.property(happenings, fc.infiniteStream(fc.nat()), (plan, random) => {
        const lines = writeLog(key, { ...plan, all: [...plan.all, ...records(2)] });
        check(lines, (below) => (random.next().value ?? 0) % below);
      }),
      seed === undefined ? { numRuns: 120 } : { numRuns: 120, seed },
    );
  };

  const changesByte = (lines: readonly string[], pick: (below: number) => number): void => {
    const bytes = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
    const at = pick(bytes.length - 1);
    const line = split(bytes.subarray(0, at + 1)).length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 + pick(255));
    const [first] = verify(split(bytes)).faults;

    expect(first?.place?.line).toBe(line);
  };

  it('shows which byte was changed', () => {
    tampered(changesByte);
  });

  it('shows which byte was changed, also to a newline within the common beginning of all lines', () => {
    tampered(changesByte, 1184900437);
  });

  it('shows which byte was changed to a newline, wherever in a line', () => {
    const lines = writeLog(key, { everyRecords: 2, all: records(20) });
    const whole = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
    const third = lines.slice(0, 2).join('\n').length + 1;
    for (let at = third + 1; at < third + (lines[2]?.length ?? 0); at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = 0x0a;

      expect(verify(split(bytes)).faults[0]?.place?.line).toBe(3);
    }
  });

  it('shows a line that is no more than the beginning of every line', () => {
    const lines = writeLog(key, { everyRecords: 2, all: records(3) });
    const beginning = '{"audit.chain.hash":"';

    for (let length = 1; length <= beginning.length; length++) {
      expect(verify([beginning.slice(0, length), ...lines]).faults).toEqual([
        { problem: 'Foreign', place: { line: 1 } },
      ]);
    }
  });

  it('shows an unfinished line that its own chain does not follow', () => {
    const lines = writeLog(key, { everyRecords: 2, all: [...records(3), ...records(3, 1)] });
    const [one = [], other = []] = Map.groupBy(lines, (line) => linkOf(line).chain).values();
    const unfinished = one[2]?.slice(0, 60) ?? '';

    expect(verify([...one.slice(0, 2), unfinished, ...one.slice(2), ...other])).toMatchObject({ ok: true, torn: 1 });
    expect(verify([...one.slice(0, 2), unfinished, ...one.slice(1), ...other])).toMatchObject({ ok: true, torn: 1 });
    expect(verify([unfinished, ...other, ...one]).faults).toEqual([{ problem: 'Foreign', place: { line: 1 } }]);
    expect(verify([unfinished, 'x', ...one]).faults).toEqual([
      { problem: 'Foreign', place: { line: 1 } },
      { problem: 'Foreign', place: { line: 2 } },
    ]);
  });

  it('shows which line was removed', () => {
    tampered((lines, pick) => {
      const at = pick(lines.length);
      const gone = linkOf(lines[at] ?? '');
      const [first] = verify(lines.toSpliced(at, 1)).faults;

      expect(first).toMatchObject({ chain: gone.chain, sequence: gone.sequence });
    });
  });

  it('shows where lines before a checkpoint were cut out', () => {
    tampered((lines, pick) => {
      const at = pick(lines.length);
      const { chain, sequence } = linkOf(lines[at] ?? '');
      const ofChain = lines.filter((line) => linkOf(line).chain === chain).length;
      const count = 1 + pick(ofChain - sequence);
      const left = lines.filter((line) => {
        const link = linkOf(line);
        return link.chain !== chain || link.sequence < sequence || link.sequence >= sequence + count;
      });
      // Of a chain that is removed whole nothing is left to complain, unless another names it.
      const named = lines.some((line) => line.includes(`"audit.checkpoint.after":{"chain":"${chain}"`));
      if (count === ofChain && !named) return;
      const [first] = verify(left).faults;

      expect(first?.problem).toMatch(/^(Missing|Headless|NoEnd|Cut|NoPredecessor)$/);
      if (count < ofChain) expect(first).toMatchObject({ chain, sequence });
    });
  });

  it('shows which lines changed places', () => {
    tampered((lines, pick) => {
      const one = pick(lines.length);
      const { chain } = linkOf(lines[one] ?? '');
      const places = lines.flatMap((line, at) => (linkOf(line).chain === chain && at !== one ? [at] : []));
      const other = places[pick(places.length)] ?? one;
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      const swapped = lines.with(early, lines[late] ?? '').with(late, lines[early] ?? '');
      const [first] = verify(swapped).faults;

      expect(first).toMatchObject({ chain, place: { line: early + 1 } });
      expect(first?.sequence).toBe(linkOf(lines[early] ?? '').sequence);
    });
  });

  it('shows what was put in', () => {
    tampered((lines, pick) => {
      const at = pick(lines.length);
      const stranger = lines[at] ?? '';
      const { chain, sequence } = linkOf(stranger);

      const junk = ['{"credmint.outcome":"Done"}', 'x', '{}', stranger.slice(1)][pick(4)] ?? '';
      expect(verify(lines.toSpliced(at, 0, junk)).faults).toEqual([{ problem: 'Foreign', place: { line: at + 1 } }]);

      // In the place of a line, before it, with a hash that is right.
      const before = verify(lines.toSpliced(at, 0, forged(stranger, { timestamp: '2020-01-01T00:00:00.000Z' })));
      expect(before.faults[0]).toMatchObject({ chain, sequence });

      // Long after it.
      const after = verify([...lines, forged(stranger, { 'enduser.id': 'mallory' })]);
      expect(after.faults).toEqual([{ problem: 'Differs', chain, sequence, place: { line: lines.length + 1 } }]);
    });
  });

  it('shows a line that stands twice and is not the same twice', () => {
    tampered((lines, pick) => {
      const from = pick(lines.length);
      const to = from + 1 + pick(lines.length - from);
      const bytes = Buffer.from(lines[from] ?? '', 'utf8');
      const at = pick(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + pick(127));
      const [first] = verify([
        ...lines.slice(0, to).map((line) => Buffer.from(line)),
        bytes,
        ...lines.slice(to).map((line) => Buffer.from(line)),
      ]).faults;

      if (!bytes.includes(0x0a)) expect(first?.place?.line).toBe(to + 1);
      else expect(first).toBeDefined();
    });
  });

  it('cannot be made whole again without the key', () => {
    tampered((lines, pick) => {
      const at = pick(lines.length);
      const { chain, sequence } = linkOf(lines[at] ?? '');
      let previous: string | undefined;
      // Everything of that chain from there on, hashed anew.
      const rewritten = lines.map((line) => {
        const link = linkOf(line);
        if (link.chain !== chain || link.sequence < sequence) return line;
        const anew = forged(line, {
          ...(previous === undefined ? { 'enduser.id': 'mallory' } : { 'audit.chain.previous': previous }),
        });
        previous = linkOf(anew).hash;
        return anew;
      });
      const [first] = verify(rewritten).faults;
      const nextCheckpoint = lines.find((line) => {
        const link = linkOf(line);
        return link.chain === chain && link.sequence >= sequence && line.includes('audit.checkpoint.kind');
      });

      expect(first).toMatchObject({ chain, problem: 'BadSignature' });
      expect(first?.sequence).toBe(linkOf(nextCheckpoint ?? '').sequence);
    });
  });

  it('is not believed if an unknown key signed it', () => {
    const report = verify(writeLog(newKey(), { everyRecords: 2, all: records(3) }));

    expect(report.faults).toMatchObject([{ problem: 'UnknownKey', sequence: 0, place: { line: 1 } }]);
  });

  it('is not whole when it is empty', () => {
    expect(verify([])).toMatchObject({ ok: false, faults: [{ problem: 'Empty' }] });
  });
});

describe('the end of a log', () => {
  const lines = writeLog(key, { everyRecords: 3, all: records(5) });
  // begin, 3 records, progress, 2 records, end
  const cut = lines.slice(0, -1);

  it('is unproven behind the last checkpoint', () => {
    expect(verify(cut, {})).toMatchObject({ ok: true, chains: [{ records: 5, unproven: 2, ended: false }] });
  });

  it('is missing, if the log is said to be over', () => {
    expect(verify(cut).faults).toMatchObject([{ problem: 'NoEnd', sequence: 7, place: { line: 7 } }]);
  });

  it('is the end', () => {
    const more = forged(lines[1] ?? '', {
      'audit.chain.sequence': 8,
      'audit.chain.previous': linkOf(lines.at(-1) ?? '').hash,
    });

    expect(verify([...lines, more]).faults).toMatchObject([{ problem: 'AfterEnd', sequence: 8 }]);
  });
});

describe('a restart', () => {
  const lines = writeLog(key, { everyRecords: 3, all: [...records(5), crash, ...records(1)] });
  const second = lines.findIndex((line) => line.includes('"audit.checkpoint.after"'));

  it('links to what stood before, even if that has no end', () => {
    const report = verify(lines);

    expect(report.ok).toBe(true);
    expect(report.chains).toMatchObject([{ unproven: 2, ended: false }, { ended: true }]);
    expect(report.chains[0]?.followedBy).toBe(report.chains[1]?.chain);
  });

  it('shows that what stood before was cut', () => {
    expect(verify(lines.toSpliced(second - 1, 1), {}).faults).toMatchObject([
      { problem: 'Cut', chain: linkOf(lines[0] ?? '').chain, sequence: 6, place: { line: second } },
    ]);
  });

  it('shows that what stood before was removed, unless the log is said to be a part', () => {
    const rest = lines.slice(second);

    expect(verify(rest).faults).toMatchObject([{ problem: 'NoPredecessor', place: { line: 1 } }]);
    expect(verify(rest, { partial: true }).ok).toBe(true);
  });

  it('shows that the last line before it was another', () => {
    const other = lines.with(second - 1, forged(lines[second - 1] ?? '', { 'enduser.id': 'mallory' }));

    expect(verify(other).faults).toMatchObject([{ problem: 'Forked', place: { line: second + 1 } }]);
  });

  it('of a chain that ended is no fault', () => {
    expect(verify(writeLog(key, { everyRecords: 3, all: [...records(2), restart, ...records(2)] })).ok).toBe(true);
  });
});

describe('a part of a log', () => {
  const lines = writeLog(key, { everyRecords: 2, all: records(6) });

  it('is proven from its first line on, if it is said to be a part', () => {
    expect(verify(lines.slice(3), {}).faults).toMatchObject([{ problem: 'Headless', sequence: 0, place: { line: 1 } }]);
    expect(verify(lines.slice(3), { partial: true, complete: true }).ok).toBe(true);
    expect(verify(lines.slice(3).toSpliced(1, 1), { partial: true }).faults).toMatchObject([{ problem: 'Missing' }]);
  });
});

describe('a new key', () => {
  const older = newKey();
  const newer = newKey();
  const first = writeLog(older, { everyRecords: 2, all: records(3) });
  const second = writeLog(newer, { everyRecords: 2, all: records(3) }, [older]).map((line) => line);

  it('is trusted if the one before vouches for it', async () => {
    expect(await verifyAudit(second, [older.publicKey], { complete: true })).toMatchObject({ ok: true });
    expect(await verifyAudit(second, [newer.publicKey], { complete: true })).toMatchObject({ ok: true });
  });

  it('is trusted if both are given', async () => {
    const unvouched = writeLog(newer, { everyRecords: 2, all: [restart, ...records(3, 1)] });

    expect(await verifyAudit(unvouched, [older.publicKey])).toMatchObject({ faults: [{ problem: 'UnknownKey' }] });
    expect(await verifyAudit(unvouched, [older.publicKey, newer.publicKey])).toMatchObject({ ok: true });
    expect(await verifyAudit(first, [newer.publicKey])).toMatchObject({ faults: [{ problem: 'UnknownKey' }] });
  });

  it('is not vouched for by a key that is not trusted', async () => {
    expect(await verifyAudit(second, [key.publicKey])).toMatchObject({ faults: [{ problem: 'UnknownKey' }] });
  });
});

describe('a verifier', () => {
  it('needs no more memory for a longer chain', async () => {
    const plan = { everyRecords: 100, all: records(6000) };
    const lines = writeLog(key, plan);
    const late = verify([...lines, lines[1] ?? ''], {});

    // A line that comes again is compared while it is remembered, and a fault after that.
    expect(verify(lines.toSpliced(900, 0, lines[1] ?? ''))).toMatchObject({ ok: true, repeated: 1 });
    expect(late.faults).toMatchObject([{ problem: 'TooLate', sequence: 1 }]);
  });
});
