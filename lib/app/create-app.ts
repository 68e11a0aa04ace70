import { createBroker } from '../broker/broker.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import type { AuditLog } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import type { MintStats } from '../mint/counters.ts';
import type { Answerer } from '../platform/answer.ts';
import { emf } from '../telemetry/emf.ts';
import { silentLog } from '../telemetry/log.ts';
import { requestLog } from '../telemetry/request-log.ts';
import { answerer } from './answerer.ts';
import { compose } from './compose.ts';
import type { AppDeps, ProcessDeps } from './deps.ts';
import type { FunctionSpec } from './function-spec.ts';
import { openStore } from './open-store.ts';
import { openTrail } from './open-trail.ts';

/** A configuration that is being served: its store and its audit trail are open. */
export interface App {
  readonly answer: Answerer;
  readonly config: Config;
  readonly store: Store;
  readonly brokerDeps: BrokerDeps;
  stats(): MintStats;
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  close(): Promise<void>;
}

/** A store or an audit log that is handed in is used in place of the configuration's, and not closed. */
type CreateAppDeps = ProcessDeps & Partial<Pick<AppDeps, 'store' | 'audit'>>;

/**
 * Opens the store and the audit trail of a configuration, and composes what serves it. `observe` sees every audit
 * record on its way to the trail.
 *
 * @example
 * const app = await createApp(spec, await openConfig(deps), deps);
 * const response = await app.answer(raw, 10_000);
 * await app.close();
 */
export const createApp = async (
  spec: FunctionSpec,
  config: Config,
  deps: CreateAppDeps,
  observe: (audit: AuditLog) => AuditLog = (audit) => audit,
): Promise<App> => {
  const store = deps.store === undefined ? await openStore(config.store, deps) : { ...deps.store, close: keepOpen };
  const trail = deps.audit === undefined ? openTrail(config.audit, deps) : { record: deps.audit, close: keepOpen };
  const stats = (): MintStats => brokerDeps.mint.stats();
  const withEmf = config.emf === undefined ? trail.record : emf(trail.record, stats, config.emf.namespace, print);
  const shared = deps.store === undefined && config.store.kind !== 'memory';
  const audit = requestLog(deps.log ?? silentLog)(observe(withEmf));
  const brokerDeps = compose(spec, config, { ...deps, store, shared, audit });
  return {
    answer: answerer(createBroker(brokerDeps), deps.now),
    config,
    store,
    brokerDeps,
    stats,
    close: async () => {
      await trail.close();
      await store.close();
    },
  };
};

const keepOpen = async (): Promise<void> => undefined;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
