import { randomBytes } from 'node:crypto';
import type { AuditSettings } from '../audit/settings.ts';
import type { Sink } from '../audit/sink.ts';
import { fileSink } from '../audit/sinks/file.ts';
import { s3Sink } from '../audit/sinks/s3.ts';
import { sqsSink } from '../audit/sinks/sqs.ts';
import { streamSink } from '../audit/sinks/stream.ts';
import { type AuditTrail, openAuditTrail } from '../audit/trail.ts';
import { type ClockDeps, clockOf } from './clock.ts';
import type { ProcessDeps } from './deps.ts';

type TrailDeps = Pick<ProcessDeps, 'transport'> & ClockDeps;

/** Opens the audit trail of this process, as the configuration wants it. */
export const openTrail = (settings: AuditSettings, deps: TrailDeps): Promise<AuditTrail> => {
  const { keys, checkpoint } = settings;
  const id = randomBytes(16).toString('hex');
  return openAuditTrail(openSink(settings.sink, id, deps), clockOf(deps), keys && { id, keys, checkpoint });
};

const openSink = (settings: AuditSettings['sink'], instance: string, deps: TrailDeps): Sink => {
  switch (settings.kind) {
    case 'stdout':
      return streamSink(process.stdout);
    case 'file':
      return fileSink(settings);
    case 's3':
      return s3Sink(settings, instance, deps);
    case 'sqs':
      return sqsSink(settings, instance, deps);
  }
};
