import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { AuditLog, AuditRecord } from '../sts/audit.ts';

const line = (record: AuditRecord): string => `${JSON.stringify(record)}\n`;

/** One JSON object per line, to standard output or a file; waits when the reader is slower than the callers. */
export const jsonLines =
  (stream: Writable): AuditLog =>
  async (record) => {
    if (!stream.writable) throw new Error('The audit stream is closed.');
    if (!stream.write(line(record))) await once(stream, 'drain');
  };
