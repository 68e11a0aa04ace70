import { StsError } from '../../core/errors.ts';
import type { RunSummary } from '../../leases/run.ts';
import { isObject } from '../../wire/json.ts';
import { createApp } from '../create-app.ts';
import type { FunctionSpec } from '../function-spec.ts';
import { leaseRefresh } from '../lease-refresh.ts';
import { noDialect } from '../no-dialect.ts';
import { onceOpened } from '../once-opened.ts';
import { processDeps } from '../process-deps.ts';
import { openConfiguration } from './configuration.ts';
import { remainingMs } from './remaining.ts';

/** The longest that a run may take, in milliseconds: the next one begins after a minute. */
const maxRunMs = 50_000;

/**
 * Whether an event is the tick of a schedule: of EventBridge and its Scheduler,
 * `{"detail-type": "Scheduled Event", …}`; of a timer of Tencent SCF, `{"Type": "Timer", "TriggerName", "Time", "Message"}`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html and
 * https://cloud.tencent.com/document/product/583/9708
 */
const isTick = (event: unknown): boolean =>
  isObject(event) && (event['detail-type'] === 'Scheduled Event' || event['Type'] === 'Timer');

/**
 * A function that refreshes leases at each tick of a schedule, configured by its environment at its first run.
 *
 * @example
 * export const handler = scheduleFunction({ clouds: [awsUpstream] });
 */
export const scheduleFunction = (spec: Omit<FunctionSpec, 'dialects'>) => {
  const opened = onceOpened(async () => {
    const deps = processDeps();
    const config = await openConfiguration(deps);
    const app = await createApp({ ...spec, dialects: [noDialect] }, config, deps);
    return { run: leaseRefresh(app.brokerDeps, config, { ...deps, store: app.store }), close: app.close };
  });

  const handle = async (event: unknown, context: unknown): Promise<RunSummary> => {
    if (!isTick(event)) throw new StsError('InvalidRequest', 'The event is not the tick of a known schedule.');
    const { run } = await opened.open();
    const milliseconds = Math.max(1, Math.min(remainingMs(context, maxRunMs), maxRunMs));
    return run({ signal: AbortSignal.timeout(milliseconds), until: new Date(Date.now() + milliseconds) });
  };
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  const close = async (): Promise<void> => (await opened.current())?.close();
  return Object.assign(handle, { close });
};
