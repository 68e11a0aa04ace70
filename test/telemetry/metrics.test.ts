import { describe, expect, it } from 'vitest';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import { countDurations, type Durations } from '../../lib/core/durations.ts';
import type { MintStats } from '../../lib/mint/counters.ts';
import { emf } from '../../lib/telemetry/emf.ts';
import { sample } from '../../lib/telemetry/metric.ts';
import { mintMetrics } from '../../lib/telemetry/mint-metrics.ts';
import { prometheus } from '../../lib/telemetry/prometheus.ts';
import { requestMetrics } from '../../lib/telemetry/request-metrics.ts';
import { forever } from '../support/requests.ts';

const record = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  time: new Date('2026-11-22T12:00:00Z'),
  requestId: '0d5f2c0e',
  dialect: 'aws',
  operation: 'AssumeRole',
  outcome: 'Done',
  milliseconds: 3,
  caller: 'a-caller',
  accessKeyId: 'ASIASECRETISH',
  sessionName: 'a"session\nname',
  ...changes,
});

const durationsOf = (...milliseconds: readonly number[]): Durations => {
  const counted = countDurations();
  for (const one of milliseconds) counted.add(one);
  return counted;
};

const stats = (changes: Partial<MintStats> = {}): MintStats => ({
  cache: { hits: 3, misses: 2, coalesced: 1, refreshes: 0 },
  entries: 2,
  calls: [{ account: 'prod', outcome: 'Done', durations: durationsOf(50, 200) }],
  waits: [{ account: 'prod', outcome: 'Done', durations: durationsOf(10, 30) }],
  open: new Map([['prod', true]]),
  ...changes,
});

const textOf = async (...records: AuditRecord[]): Promise<string> => {
  const seen = requestMetrics();
  const audit = seen.watched(unlimitedAuditLog(async () => undefined));
  for (const one of records) await audit(one);
  return prometheus([...seen.figures(), ...mintMetrics(stats())]);
};

describe('the text for Prometheus', () => {
  it('is of its exposition format, line by line', async () => {
    const text = await textOf(record(), record({ outcome: 'AccessDenied' }));
    expect(text.endsWith('\n')).toBe(true);
    const name = '[a-z_]+';
    const label = `${name}="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"`;
    const form = new RegExp(
      `^(?:# (?:HELP ${name} .+|TYPE ${name} (?:counter|gauge|histogram))|${name}(?:\\{${label}(?:,${label})*\\})? [0-9.e+-]+)$`,
    );
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(form);
  });

  it('says what each name means once, before its figures', async () => {
    const lines = (await textOf(record(), record({ operation: 'GetFederationToken' }))).split('\n');
    const types = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
    expect(new Set(types).size).toBe(types.length);
    const first = (prefix: string): number => lines.findIndex((line) => line.startsWith(prefix));
    expect(first('# TYPE credmint_requests_total')).toBeLessThan(first('credmint_requests_total{'));
  });

  it('counts requests by dialect, operation and outcome', async () => {
    const text = await textOf(record(), record(), record({ outcome: 'AccessDenied' }));
    expect(text).toContain('credmint_requests_total{dialect="aws",operation="AssumeRole",outcome="Done"} 2\n');
    expect(text).toContain('credmint_requests_total{dialect="aws",operation="AssumeRole",outcome="AccessDenied"} 1\n');
  });

  it('has buckets that grow, the last of them as many as all, by operation and outcome', async () => {
    const text = await textOf(
      record({ milliseconds: 3 }),
      record({ milliseconds: 60_000 }),
      record({ outcome: 'AccessDenied', milliseconds: 1 }),
    );
    const done = 'operation="AssumeRole",outcome="Done"';
    for (const line of [
      `credmint_request_seconds_bucket{${done},le="0.0025"} 0`,
      `credmint_request_seconds_bucket{${done},le="0.005"} 1`,
      `credmint_request_seconds_bucket{${done},le="10"} 1`,
      `credmint_request_seconds_bucket{${done},le="+Inf"} 2`,
      `credmint_request_seconds_sum{${done}} 60.003`,
      `credmint_request_seconds_count{${done}} 2`,
      'credmint_request_seconds_bucket{operation="AssumeRole",outcome="AccessDenied",le="0.001"} 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  it('tells what minting did', async () => {
    const text = await textOf();
    for (const line of [
      'credmint_cache_hits_total 3',
      'credmint_cache_entries 2',
      'credmint_cloud_call_seconds_bucket{account="prod",outcome="Done",le="0.05"} 1',
      'credmint_cloud_call_seconds_count{account="prod",outcome="Done"} 2',
      'credmint_cloud_call_seconds_sum{account="prod",outcome="Done"} 0.25',
      'credmint_quota_wait_seconds_sum{account="prod",outcome="Done"} 0.04',
      'credmint_breaker_open{account="prod"} 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  it('holds nothing of a request but what closed tables have', async () => {
    const text = await textOf(record());
    for (const said of ['a-caller', 'ASIASECRETISH', 'session', '0d5f2c0e']) expect(text).not.toContain(said);
  });

  it('escapes what would end a label', () => {
    const figure = sample('credmint_breaker_open', 1, { account: '"\\\n' });
    expect(prometheus([figure])).toContain('{account="\\"\\\\\\n"} 1\n');
  });
});

describe('an audit record that cannot be written', () => {
  it('is counted, and withholds the answer all the same', async () => {
    const seen = requestMetrics();
    const audit = seen.watched(
      unlimitedAuditLog(async () => {
        throw new Error('full');
      }),
    );
    await expect(audit(record())).rejects.toThrow('full');
    expect(seen.figures().find(({ name }) => name === 'credmint_audit_failures_total')).toMatchObject({ value: 1 });
  });

  it('is counted too if there is no room for it', async () => {
    const seen = requestMetrics();
    const log = Object.assign(async () => undefined, { reserve: () => Promise.reject(new Error('full')) });
    await expect(seen.watched(log).reserve(forever)).rejects.toThrow('full');
    expect(seen.figures().find(({ name }) => name === 'credmint_audit_failures_total')).toMatchObject({ value: 1 });
  });
});

describe('the lines for CloudWatch', () => {
  const told = async (...all: [AuditRecord, MintStats][]) => {
    const lines: string[] = [];
    let current = stats();
    const audit = emf(
      unlimitedAuditLog(async ({ outcome }) => {
        if (outcome === 'Internal') throw new Error('full');
      }),
      () => current,
      'credmint',
      (line) => lines.push(line),
    );
    for (const [one, state] of all) {
      current = state;
      await audit(one).catch(() => undefined);
    }
    return lines.map((line) => JSON.parse(line));
  };

  it('are of the embedded metric format: each metric and dimension that is declared is there', async () => {
    const [line] = await told([record(), stats()]);
    expect(line._aws.Timestamp).toBe(Date.parse('2026-11-22T12:00:00Z'));
    for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      expect(Namespace).toBe('credmint');
      for (const dimension of Dimensions.flat()) expect(typeof line[dimension]).toBe('string');
      expect(Metrics.length).toBeLessThanOrEqual(100);
      for (const { Name, Unit } of Metrics) {
        expect(typeof line[Name]).toBe('number');
        expect(['Count', 'Milliseconds']).toContain(Unit);
      }
    }
  });

  it('say what came since the line before', async () => {
    const cache = { hits: 10, misses: 2, coalesced: 1, refreshes: 0 };
    const lines = await told([record(), stats()], [record(), stats({ cache })]);
    expect(lines.map((line) => line.CacheHits)).toEqual([3, 7]);
    expect(lines.map((line) => line.CloudCalls)).toEqual([2, 0]);
    expect(lines.map((line) => line.BreakersOpen)).toEqual([1, 1]);
  });

  it('are written also if the record cannot be, and count it', async () => {
    const [line] = await told([record({ outcome: 'Internal' }), stats()]);
    expect(line).toMatchObject({ AuditFailures: 1, Outcome: 'Internal' });
  });

  it('hold nothing of a request but what closed tables have', async () => {
    const text = JSON.stringify(await told([record(), stats()]));
    for (const said of ['a-caller', 'ASIASECRETISH', 'session', '0d5f2c0e', 'prod']) expect(text).not.toContain(said);
  });
});
