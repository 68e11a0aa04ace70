import { describe, expect, it } from 'vitest';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import { StsError } from '../../lib/core/errors.ts';
import { createLog, type LogSettings } from '../../lib/telemetry/log.ts';
import { requestLog } from '../../lib/telemetry/request-log.ts';

const logInto = (lines: string[], settings: Partial<LogSettings> = {}) =>
  createLog({
    level: 'info',
    form: 'json',
    write: (line) => lines.push(line),
    now: () => new Date('2026-01-01T10:00:00.123Z'),
    ...settings,
  });

const record: AuditRecord = {
  time: new Date('2026-01-01T10:00:00Z'),
  requestId: 'request-1',
  dialect: 'json',
  outcome: 'Done',
  operation: 'AssumeRole',
  caller: 'ci',
  account: 'prod',
  origin: 'kept',
  milliseconds: 1.234,
};

describe('the log', () => {
  it('is one JSON object a line for what collects it', () => {
    const lines: string[] = [];
    logInto(lines)('warn', 'upstream call failed', { host: 'sts.example.com', code: undefined });
    expect(lines).toEqual([
      '{"time":"2026-01-01T10:00:00.123Z","level":"warn","event":"upstream call failed","host":"sts.example.com"}\n',
    ]);
  });

  it('is words for a person, and nothing that a caller named can forge a line', () => {
    const lines: string[] = [];
    logInto(lines, { form: 'words' })('info', 'request', { caller: 'ci', session: 'a\nb\u001b[2J c' });
    expect(lines).toEqual(['10:00:00.123 INFO  request caller=ci session="a\\nb\\u001b[2J c"\n']);
  });

  it('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = logInto(lines, { level: 'warn' });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log(level, level);
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'error']);
    logInto(lines, { level: 'silent' })('error', 'nothing');
    expect(lines).toHaveLength(2);
  });
});

describe('the line of a request', () => {
  it('says who asked for what, what came of it, how long it took, and whether it was kept', async () => {
    const lines: string[] = [];
    await requestLog(logInto(lines))(unlimitedAuditLog(async () => undefined))(record);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-01-01T10:00:00.123Z',
      level: 'info',
      event: 'request',
      request: 'request-1',
      dialect: 'json',
      operation: 'AssumeRole',
      caller: 'ci',
      account: 'prod',
      outcome: 'Done',
      origin: 'kept',
      milliseconds: 1.2,
    });
  });

  it('is a warning with the cause if the cloud is at fault, and says no more of a caller’s mistake than info', async () => {
    const lines: string[] = [];
    const write = requestLog(logInto(lines))(unlimitedAuditLog(async () => undefined));
    await write({ ...record, outcome: 'CloudUnavailable', cause: 'ECONNREFUSED' });
    await write({ ...record, outcome: 'AccessDenied' });
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'info']);
    expect(lines[0]).toContain('the connection was refused: nothing listens there (ECONNREFUSED)');
  });

  it('is an error with the cause if the record cannot be written, and the failure goes on', async () => {
    const lines: string[] = [];
    const full = Object.assign(new Error('secret'), { code: 'EISDIR' });
    const write = requestLog(logInto(lines))(unlimitedAuditLog(() => Promise.reject(full)));
    await expect(write(record)).rejects.toBe(full);
    expect(lines.join('')).toContain('it is a folder (EISDIR)');
    expect(lines.join('')).not.toContain('secret');
  });

  it('is an error too if there is no room for the record, and room is asked for before anything is done', async () => {
    const lines: string[] = [];
    const full = new StsError('Unavailable', undefined, { retryAfterSeconds: 1 });
    const log = Object.assign(async () => undefined, { reserve: () => Promise.reject(full) });
    await expect(requestLog(logInto(lines))(log).reserve({ signal: new AbortController().signal })).rejects.toBe(full);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      event: expect.stringContaining('takes no record'),
    });
  });
});
