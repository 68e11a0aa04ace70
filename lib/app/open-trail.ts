import { randomBytes } from 'node:crypto';
import type { AuditSettings } from '../audit/settings.ts';
import type { Sink } from '../audit/sink.ts';
import { fileSink } from '../audit/sinks/file.ts';
import { s3Sink } from '../audit/sinks/s3.ts';
import { sqsSink } from '../audit/sinks/sqs.ts';
import { streamSink } from '../audit/sinks/stream.ts';
import { type AuditTrail, auditTrail } from '../audit/trail.ts';
import type { ProcessDeps } from './deps.ts';

type TrailDeps = Pick<ProcessDeps, 'transport' | 'now'>;

/** Opens the audit trail of this process, as the configuration wants it. */
export const openTrail = (settings: AuditSettings, deps: TrailDeps): AuditTrail => {
  const { keys, checkpoint } = settings;
  const id = randomBytes(16).toString('hex');
  return auditTrail(openSink(settings.sink, id, deps), deps.now, keys && { id, keys, checkpoint });
};

const openSink = (settings: AuditSettings['sink'], instance: string, deps: TrailDeps): Sink => {
  switch (settings.kind) {
    case 'stdout':
      return streamSink(process.stdout);
    case 'file':
      // Two processes must not write one chain: `%p` gives each a file of its own.
      return fileSink(settings.path.replaceAll('%p', String(process.pid)), settings.sync);
    case 's3':
      return s3Sink(settings, instance, deps);
    case 'sqs':
      return sqsSink(settings, instance, deps);
  }
};
