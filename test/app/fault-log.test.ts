import { describe, expect, it } from 'vitest';
import { faultLog } from '../../lib/app/fault-log.ts';

const refused = Object.assign(new Error('connect 10.1.2.3:6379 with hunter2'), { code: 'ECONNREFUSED' });
const unknown = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
const full = Object.assign(new Error("OOM command not allowed when used memory > 'maxmemory'."), {
  name: 'ReplyError',
});

const open = () => {
  const lines: string[] = [];
  let at = 0;
  const faults = faultLog(
    (level, event, fields) => lines.push(`${level} ${event}: ${fields?.['cause'] ?? ''} at ${fields?.['store']}`),
    'the store',
    { store: 'redis, cache:6379' },
    { monotonicMs: () => at },
  );
  return {
    lines,
    faults,
    pass: (milliseconds: number) => {
      at += milliseconds;
    },
  };
};

describe('the log of the faults of a store', () => {
  it('has one line for a fault, another if its cause is another, and one when it is over', () => {
    const { lines, faults } = open();
    faults.answered();
    for (const thrown of [refused, refused, unknown, unknown]) faults.failed(thrown);
    faults.answered();
    faults.answered();
    faults.failed(refused);
    expect(lines).toEqual([
      'warn the store does not answer: the connection was refused: nothing listens there (ECONNREFUSED) at redis, cache:6379',
      'warn the store does not answer: DNS does not know the name (ENOTFOUND) at redis, cache:6379',
      'info the store answers again:  at redis, cache:6379',
      'warn the store does not answer: the connection was refused: nothing listens there (ECONNREFUSED) at redis, cache:6379',
    ]);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('says what it refuses once a minute, however often it does', () => {
    const { lines, faults, pass } = open();
    for (let count = 0; count < 3; count++) {
      faults.refused(full);
      pass(59_999);
      faults.refused(full);
      pass(1);
    }
    expect(lines).toEqual(
      Array(3).fill('warn the store refuses: the server is out of memory (OOM) at redis, cache:6379'),
    );
  });
});
