import { randomBytes } from 'node:crypto';
import type { AuditSettings } from '../audit/settings.ts';
import type { Sink } from '../audit/sink.ts';
import { fileSink } from '../audit/sinks/file.ts';
import { s3Sink } from '../audit/sinks/s3.ts';
import { sqsSink } from '../audit/sinks/sqs.ts';
import { streamSink } from '../audit/sinks/stream.ts';
import { type AuditTrail, auditTrail } from '../audit/trail.ts';
import type { AppDeps } from './compose.ts';

/** The audit trail of one instance, as the configuration wants it. */
export const openTrail = (settings: AuditSettings, appDeps: Pick<AppDeps, 'transport' | 'now'>): AuditTrail => {
  const { keys, checkpoint } = settings;
  const id = randomBytes(16).toString('hex');
  const sink = sinkOf(settings.sink, id, appDeps);
  return auditTrail(sink, appDeps.now, keys && { id, keys, checkpoint });
};

const sinkOf = (
  settings: AuditSettings['sink'],
  instance: string,
  appDeps: Pick<AppDeps, 'transport' | 'now'>,
): Sink => {
  switch (settings.kind) {
    case 'stdout':
      return streamSink(process.stdout);
    case 'file':
      return fileSink(settings.path, settings.sync);
    case 's3':
      return s3Sink(settings, instance, appDeps);
    case 'sqs':
      return sqsSink(settings, instance, appDeps);
  }
};
