import { StsError } from '../../core/errors.ts';
import type { FunctionSpec } from '../compose.ts';
import { createApp } from '../create-app.ts';
import { type EventHandler, eventHandler } from '../event-handler.ts';
import { noDialect } from '../no-dialect.ts';
import { openConfig } from '../open-config.ts';
import { deployedDeps, remaining } from './http.ts';

/** The longest that a batch may take where the platform does not say, in milliseconds. */
const longestBatch = 60_000;

/** A function that answers mint requests which come as events, configured by its environment at its first. */
export const eventsFunction = (spec: Omit<FunctionSpec, 'dialects'>) => {
  let opening: Promise<EventHandler> | undefined;

  const open = async (): Promise<EventHandler> => {
    const appDeps = deployedDeps();
    const config = await openConfig(appDeps);
    if (config.events === undefined) throw new StsError('Misconfigured', 'No events are configured here.');
    const { recipients, deadLetter } = config.events;
    const toAws = deadLetter !== undefined || [...recipients.values()].some(({ reply }) => reply.kind !== 'webhook');
    if (toAws && config.aws === undefined) {
      throw new StsError('Misconfigured', 'Replies go to AWS, where this process has no credentials of its own.');
    }
    const app = await createApp({ ...spec, dialects: [noDialect] }, config, appDeps);
    return eventHandler(app.brokerDeps, config.events, { ...appDeps, store: app.store }, config.aws);
  };

  return async (event: unknown, context: unknown): Promise<unknown> => {
    opening ??= open();
    const handle = await opening.catch((thrown: unknown) => {
      // What was wrong may have passed by the next document.
      opening = undefined;
      throw thrown;
    });
    return handle(event, AbortSignal.timeout(Math.max(1, remaining(context, longestBatch))));
  };
};
