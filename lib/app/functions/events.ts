import { StsError } from '../../core/errors.ts';
import { member } from '../../wire/json.ts';
import { createApp } from '../create-app.ts';
import { type EventHandler, eventHandler } from '../event-handler.ts';
import type { FunctionSpec } from '../function-spec.ts';
import { noDialect } from '../no-dialect.ts';
import { onceOpened } from '../once-opened.ts';
import { processDeps } from '../process-deps.ts';
import { openConfiguration } from './configuration.ts';
import { remainingMs } from './remaining.ts';

/** The longest that a batch may take if the platform does not say, in milliseconds. */
const maxBatchMs = 60_000;

/**
 * A function that answers mint requests which come as events, configured by its environment at its first event.
 *
 * @example
 * export const handler = eventsFunction({ clouds: [awsUpstream] });
 */
export const eventsFunction = (spec: Omit<FunctionSpec, 'dialects'>) => {
  const handler = onceOpened(async (): Promise<EventHandler> => {
    const deps = processDeps();
    const config = await openConfiguration(deps);
    if (config.events === undefined) throw new StsError('Misconfigured', 'The configuration has no events.');
    const { recipients, deadLetter } = config.events;
    const toAws = deadLetter !== undefined || [...recipients.values()].some(({ reply }) => reply.kind !== 'webhook');
    if (toAws && config.aws === undefined) {
      throw new StsError('Misconfigured', 'Replies go to AWS, but this process has no AWS credentials of its own.');
    }
    const app = await createApp({ ...spec, dialects: [noDialect] }, config, deps);
    return eventHandler(app.brokerDeps, config.events, { ...deps, store: app.store }, config.aws);
  });

  return async (event: unknown, context: unknown): Promise<unknown> => {
    const handle = await handler.open();
    return handle(event, AbortSignal.timeout(Math.max(1, remainingMs(context, maxBatchMs))), invocationOf(context));
  };
};

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html and cloud.tencent.com/document/product/583/9210 */
const invocationOf = (context: unknown): string | undefined => {
  const id = member(context, 'awsRequestId') ?? member(context, 'request_id');
  return typeof id === 'string' ? id : undefined;
};
