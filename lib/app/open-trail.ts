import { randomBytes } from 'node:crypto';
import { type ChainRegister, chainRegister } from '../audit/register.ts';
import type { AuditSettings, SinkSettings } from '../audit/settings.ts';
import type { Sink } from '../audit/sink.ts';
import { fileSink } from '../audit/sinks/file.ts';
import { s3Sink } from '../audit/sinks/s3.ts';
import { sqsSink } from '../audit/sinks/sqs.ts';
import { streamSink } from '../audit/sinks/stream.ts';
import { type AuditTrail, openAuditTrail } from '../audit/trail.ts';
import { carried } from '../core/carried.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Store } from '../core/store.ts';
import type { StoreSettings } from '../stores/settings.ts';
import { silentLog } from '../telemetry/log.ts';
import { type ClockDeps, clockOf } from './clock.ts';
import type { ProcessDeps } from './deps.ts';
import { faultLog } from './fault-log.ts';
import { auditInWords } from './in-words.ts';

type TrailDeps = Pick<ProcessDeps, 'transport' | 'log'> & ClockDeps & { readonly shared?: SharedStore };

/** A store that other instances use, too. */
interface SharedStore {
  readonly store: Store;
  readonly kind: StoreSettings['kind'];
}

/** Opens the audit trail of this process, as the configuration wants it. */
export const openTrail = (settings: AuditSettings, deps: TrailDeps): Promise<AuditTrail> => {
  const { keys, checkpoint } = settings;
  const id = randomBytes(16).toString('hex');
  const clock = clockOf(deps);
  const faults = faultLog(deps.log ?? silentLog, 'the audit sink', { sink: auditInWords(settings) }, clock);
  const register = registerOf(settings.sink, id, deps);
  const chaining = keys && { id, keys, checkpoint, ...omitUndefined({ register }) };
  return openAuditTrail(openSink(settings.sink, id, deps), clock, chaining, faults);
};

type OpenSink<Settings> = (settings: Settings, instance: string, deps: TrailDeps) => Sink;

/** Between entries of one chain. A write costs money at DynamoDB, and next to nothing at the others. */
const paceMs = { memory: 0, sqlite: 10, redis: 10, dynamodb: 1_000 } as const satisfies Record<
  StoreSettings['kind'],
  number
>;

/** Files name each other themselves, exactly. */
const registerOf = (sink: SinkSettings, id: string, deps: TrailDeps): ChainRegister | undefined => {
  const { shared } = deps;
  if (sink.kind === 'file' || shared === undefined || shared.kind === 'memory') return undefined;
  const place =
    sink.kind === 'stdout' ? sink.kind : `${sink.kind} ${sink.endpoint} ${sink.kind === 's3' ? sink.prefix : ''}`;
  return chainRegister(id, { store: shared.store, place, clock: clockOf(deps), paceMs: paceMs[shared.kind] });
};

/** Where lines are written, by its kind. A function is built without those that it does not use. */
const sinks: {
  readonly [Kind in SinkSettings['kind']]: OpenSink<Extract<SinkSettings, { readonly kind: Kind }>>;
} = {
  stdout: () => streamSink(process.stdout),
  file: (settings) => fileSink(settings),
  s3: s3Sink,
  sqs: sqsSink,
};

const openSink = (settings: SinkSettings, instance: string, deps: TrailDeps): Sink =>
  // The type of the list pairs kind and settings; a lookup by a union of kinds loses that.
  carried(sinks[settings.kind] as OpenSink<SinkSettings>, `the audit sink ${settings.kind}`)(settings, instance, deps);
