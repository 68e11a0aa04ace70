import { StsError } from '../../core/errors.ts';
import { silentLog } from '../../telemetry/log.ts';
import { type App, createApp } from '../create-app.ts';
import type { ProcessDeps } from '../deps.ts';
import type { FunctionSpec } from '../function-spec.ts';
import { onceOpened } from '../once-opened.ts';
import { openingFailure } from '../opening-failure.ts';
import { processDeps } from '../process-deps.ts';
import { sleep } from '../sleep.ts';
import { openConfiguration } from './configuration.ts';
import { type Handler, handlerOf } from './handler.ts';

/**
 * A function that serves these dialects and clouds, configured by its environment at its first request. A request that
 * comes while it cannot be opened is answered in its dialect.
 *
 * @example
 * export const handler = httpFunction({ dialects: [json], clouds: [awsUpstream] });
 */
export const httpFunction = (spec: FunctionSpec, deps: () => ProcessDeps = processDeps): Handler => {
  const app = onceOpened(async (): Promise<App> => {
    const own = deps();
    return createApp(spec, await openConfiguration(own), own);
  });
  return handlerOf(async (raw, deadlineMs) => {
    try {
      const { answer } = await within(deadlineMs, app.open());
      return await answer(raw, deadlineMs);
    } catch (thrown) {
      const { now, log = silentLog } = deps();
      return openingFailure(thrown, { dialects: spec.dialects, now, log })(raw, deadlineMs);
    }
  });
};

/** An answerer never rejects, so what is waited for here is the opening: one that hangs is given up, not ended. */
const within = async <Value>(milliseconds: number, opening: Promise<Value>): Promise<Value> => {
  const done = new AbortController();
  const late = sleep(milliseconds, done.signal).then(() => {
    if (done.signal.aborted) return opening;
    throw new StsError('Unavailable', 'Opening the function takes too long.');
  });
  late.catch(() => undefined);
  return Promise.race([opening, late]).finally(() => done.abort('opened'));
};
