import { type Broker, createBroker } from '../broker/broker.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import type { AuditLog } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import type { MintStats } from '../mint/counters.ts';
import { type Answerer, answerer } from '../platform/answer.ts';
import { emf } from '../telemetry/emf.ts';
import { openTrail } from './audit.ts';
import { type AppDeps, compose, type FunctionSpec } from './compose.ts';
import { openStore } from './store.ts';

/** A house that stands: its store and its audit trail are open. */
export interface App {
  readonly answer: Answerer;
  readonly config: Config;
  readonly store: Store;
  readonly brokerDeps: BrokerDeps;
  readings(): MintStats;
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  close(): Promise<void>;
}

/** Builds what a configuration asks for. `watched` may look at what is written down. */
export const createApp = async (
  spec: FunctionSpec,
  config: Config,
  appDeps: Omit<AppDeps, 'audit' | 'store'>,
  watched: (audit: AuditLog) => AuditLog = (audit) => audit,
): Promise<App> => {
  const store = await openStore(config.store, appDeps);
  const trail = openTrail(config.audit, appDeps);
  const shared = config.store.kind !== 'memory';
  const stats = (): MintStats => brokerDeps.mint.stats();
  const told = config.emf === undefined ? trail.record : emf(trail.record, stats, config.emf.namespace, print);
  const brokerDeps = compose(spec, config, { ...appDeps, store, shared, audit: watched(told) });
  const broker: Broker = createBroker(brokerDeps);
  return {
    answer: answerer(broker, appDeps.now),
    config,
    store,
    brokerDeps,
    readings: stats,
    close: async () => {
      await trail.close();
      await store.close();
    },
  };
};

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
