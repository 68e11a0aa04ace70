import { type App, createApp } from '../create-app.ts';
import type { FunctionSpec } from '../function-spec.ts';
import { onceOpened } from '../once-opened.ts';
import { openConfig } from '../open-config.ts';
import { processDeps } from '../process-deps.ts';
import { functionFolder } from './function-folder.ts';
import { type Handler, handlerOf } from './handler.ts';

/**
 * A function that serves these dialects and clouds, configured by its environment at its first request.
 *
 * @example
 * export const handler = httpFunction({ dialects: [json], clouds: [awsUpstream] });
 */
export const httpFunction = (spec: FunctionSpec): Handler => {
  const app = onceOpened(async (): Promise<App> => {
    const deps = processDeps();
    return createApp(spec, await openConfig(deps, functionFolder), deps);
  });
  return handlerOf(async (raw, deadlineMs) => (await app.open()).answer(raw, deadlineMs));
};
