import { StsError } from '../../core/errors.ts';
import type { RefreshRun, RunSummary } from '../../leases/run.ts';
import { isObject } from '../../wire/json.ts';
import type { FunctionSpec } from '../compose.ts';
import { createApp } from '../create-app.ts';
import { leaseRefresh } from '../lease-refresh.ts';
import { noDialect } from '../no-dialect.ts';
import { openConfig } from '../open-config.ts';
import { deployedDeps, remaining } from './http.ts';

/** The longest that a run may take where the platform does not say, in milliseconds: the next begins in a minute. */
const longestRun = 50_000;

/**
 * Whether an event says that it is time: of EventBridge and its Scheduler, `{"detail-type": "Scheduled Event", …}`; of
 * a timer of Tencent SCF, `{"Type": "Timer", "TriggerName", "Time", "Message"}`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html and
 * https://cloud.tencent.com/document/product/583/9708
 */
const isTick = (event: unknown): boolean =>
  isObject(event) && (event['detail-type'] === 'Scheduled Event' || event['Type'] === 'Timer');

/** A function that keeps leases fresh whenever a schedule says so, configured by its environment at its first run. */
export const scheduleFunction = (spec: Omit<FunctionSpec, 'dialects'>) => {
  let opening: Promise<{ readonly run: RefreshRun; close(): Promise<void> }> | undefined;

  const open = async () => {
    const appDeps = deployedDeps();
    const config = await openConfig(appDeps);
    const app = await createApp({ ...spec, dialects: [noDialect] }, config, appDeps);
    return { run: leaseRefresh(app.brokerDeps, config, { ...appDeps, store: app.store }), close: app.close };
  };

  const handle = async (event: unknown, context: unknown): Promise<RunSummary> => {
    if (!isTick(event)) throw new StsError('InvalidRequest', 'The event is not of a schedule that is known here.');
    opening ??= open();
    const { run } = await opening.catch((thrown: unknown) => {
      // What was wrong may have passed by the next run.
      opening = undefined;
      throw thrown;
    });
    const milliseconds = Math.max(1, Math.min(remaining(context, longestRun), longestRun));
    return run({ signal: AbortSignal.timeout(milliseconds), until: new Date(Date.now() + milliseconds) });
  };
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  const close = async (): Promise<void> => (await opening)?.close();
  return Object.assign(handle, { close });
};
