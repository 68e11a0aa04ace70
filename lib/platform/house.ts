import { type Broker, createBroker } from '../broker.ts';
import type { Config } from '../config/config.ts';
import type { Rooms } from '../journey/rooms.ts';
import { emf } from '../metrics/emf.ts';
import type { MintReadings } from '../mint/tally.ts';
import type { AuditLog } from '../sts/audit.ts';
import type { Store } from '../sts/store.ts';
import { type Answerer, answerer } from './answer.ts';
import { openTrail } from './audit.ts';
import { type Door, furnish, type Ground } from './rooms.ts';
import { openStore } from './store.ts';

/** A house that stands: its store and its audit trail are open. */
export interface OpenHouse {
  readonly answer: Answerer;
  readonly config: Config;
  readonly store: Store;
  readonly rooms: Rooms;
  readings(): MintReadings;
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  close(): Promise<void>;
}

/** Builds what a configuration asks for. `watched` may look at what is written down. */
export const openHouse = async (
  door: Door,
  config: Config,
  ground: Omit<Ground, 'audit' | 'store'>,
  watched: (audit: AuditLog) => AuditLog = (audit) => audit,
): Promise<OpenHouse> => {
  const store = await openStore(config.store, ground);
  const trail = openTrail(config.audit, ground);
  const shared = config.store.kind !== 'memory';
  const readings = (): MintReadings => rooms.mint.readings();
  const told = config.emf === undefined ? trail.record : emf(trail.record, readings, config.emf.namespace, print);
  const rooms = furnish(door, config, { ...ground, store, shared, audit: watched(told) });
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
