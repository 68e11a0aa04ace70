import { type Broker, createBroker } from '../broker/broker.ts';
import type { Config } from '../config/load.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import { emf } from '../telemetry/emf.ts';
import type { MintStats } from '../mint/counters.ts';
import type { AuditLog } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import { type Answerer, answerer } from '../platform/answer.ts';
import { openTrail } from './audit.ts';
import { type FunctionSpec, compose, type AppDeps } from './compose.ts';
import { openStore } from './store.ts';

/** A house that stands: its store and its audit trail are open. */
export interface App {
  readonly answer: Answerer;
  readonly config: Config;
  readonly store: Store;
  readonly rooms: BrokerDeps;
  readings(): MintStats;
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  close(): Promise<void>;
}

/** Builds what a configuration asks for. `watched` may look at what is written down. */
export const createApp = async (
  door: FunctionSpec,
  config: Config,
  ground: Omit<AppDeps, 'audit' | 'store'>,
  watched: (audit: AuditLog) => AuditLog = (audit) => audit,
): Promise<App> => {
  const store = await openStore(config.store, ground);
  const trail = openTrail(config.audit, ground);
  const shared = config.store.kind !== 'memory';
  const readings = (): MintStats => rooms.mint.stats();
  const told = config.emf === undefined ? trail.record : emf(trail.record, readings, config.emf.namespace, print);
  const rooms = compose(door, config, { ...ground, store, shared, audit: watched(told) });
  const broker: Broker = createBroker(rooms);
  return {
    answer: answerer(broker, ground.now),
    config,
    store,
    rooms,
    readings,
    close: async () => {
      await trail.close();
      await store.close();
    },
  };
};

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
