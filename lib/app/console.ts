import { randomBytes } from 'node:crypto';
import { type Console, createConsole } from '../console/console.ts';
import type { ConsoleFeed } from '../console/feed.ts';
import { sessions } from '../console/sessions.ts';
import { answerWhatIf } from '../console/what-if.ts';
import { rehearsal } from '../diagnostics/rehearse.ts';
import type { Bounded } from '../platform/node/bounded.ts';
import { memoryStore } from '../stores/memory.ts';
import { clockOf } from './clock.ts';
import type { App } from './create-app.ts';
import type { PagedDeps } from './deps.ts';
import type { FunctionSpec } from './function-spec.ts';
import { ceilingOf } from './rules.ts';
import { whoElse } from './who-else.ts';

/**
 * The page of a server, of the configuration that it serves at any time.
 *
 * @example
 * const feed = consoleFeed(deps.now);
 * const app = await createApp(spec, config, deps, feed.watched);
 * const { routes, close } = openConsole(spec, app, { feed, limited }, deps);
 */
export const openConsole = (
  { clouds }: FunctionSpec,
  app: App,
  { feed, limited }: { readonly feed: ConsoleFeed; readonly limited: Bounded },
  deps: PagedDeps,
): Console => {
  const { page, version = '' } = deps;
  const clock = clockOf(deps);
  const byId = new Map(clouds.map((cloud) => [cloud.id, cloud]));
  const who = whoElse();
  const served = createConsole({
    page,
    version,
    feed,
    clock,
    pid: process.pid,
    broker: () => app.brokerDeps,
    sources: {
      config: () => app.config,
      stats: app.stats,
      trailState: app.trailState,
      isStoreDown: app.isStoreDown,
      load: () => limited,
      ceiling: () => ceilingOf(app.config, byId),
      startedAt: clock.now(),
    },
    sessions: sessions({
      store: app.store,
      now: clock.now,
      ruleOf: (caller) => app.config.written.callers[caller],
      randomText: () => randomBytes(32).toString('base64url'),
    }),
    whatIf: (asked) =>
      answerWhatIf(asked, {
        config: app.config,
        rules: app.brokerDeps.rules,
        rehearse: rehearsal({ clouds: app.brokerDeps.clouds, issue: app.brokerDeps.authority?.issue }),
        store: memoryStore(clock.now),
        now: clock.now(),
        who: (question) => who.ask(app.config.written, question),
      }),
    within: limited.within,
    otherwise: limited.answer,
  });
  return {
    ...served,
    close: () => {
      served.close();
      who.close();
    },
  };
};
