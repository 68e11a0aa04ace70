import { leaseShape } from '../../lib/app/lease-shape.ts';
import { rulesOf } from '../../lib/app/rules.ts';
import { awsUpstream } from '../../lib/clouds/aws/cloud.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { Clock } from '../../lib/core/clock.ts';
import type { Credentials } from '../../lib/core/credentials.ts';
import type { LeaseReader } from '../../lib/core/lease-reader.ts';
import type { MintRequest } from '../../lib/core/requests.ts';
import type { Store } from '../../lib/core/store.ts';
import type { DeliverTo } from '../../lib/delivery/deliveries.ts';
import type { LeaseDeps, LeaseEvent } from '../../lib/leases/deps.ts';
import { leaseReader } from '../../lib/leases/read.ts';
import { createRun, type RunSummary } from '../../lib/leases/run.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import { credentialsOf } from './requests.ts';

export const minute = 60_000;
export const hour = 60 * minute;

export const role = 'arn:aws:iam::123456789012:role/demo';

/** One lease as it is written, of an hour. */
export const leaseOf = (changes: object = {}) => ({
  operation: 'AssumeRole',
  account: 'aws',
  role,
  durationSeconds: 3600,
  ...changes,
});

/** A grant under which the service may keep every lease of the account. */
export const keeping = {
  name: 'keeping',
  callers: ['leases'],
  account: 'aws',
  operations: ['AssumeRole'],
  roles: ['**'],
};

/** One instance that keeps leases fresh. What it mints is counted, and its dependencies may be told to fail. */
export interface Instance {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly reader: LeaseReader;
  readonly records: AuditRecord[];
  readonly events: LeaseEvent[];
  /** Every request that reached the cloud. */
  readonly minted: MintRequest[];
  /** Every delivery that was tried: the place, and the key that it was given. */
  readonly deliveries: { readonly path: string; readonly accessKeyId: string; readonly version: string }[];
  /** Replace them to fail, to wait, or to answer otherwise. */
  mint: (request: MintRequest) => Promise<Credentials>;
  deliver: DeliverTo;
  notify: LeaseDeps['notify'];
  audit: LeaseDeps['audit'];
  run(signal?: AbortSignal): Promise<RunSummary>;
  /** Runs every minute for so long, by the clock. */
  live(milliseconds: number): Promise<void>;
}

export interface LeaseOptions {
  readonly clock?: VirtualClock;
  readonly store?: Store;
  readonly leases?: object;
  readonly grants?: readonly object[];
  /** Settings of the account `aws` besides its usual ones. */
  readonly account?: object;
  /** Of each credential, in seconds. */
  readonly life?: number;
  readonly observe?: LeaseDeps['observe'];
}

export const open = ({
  clock = virtualClock(),
  store = memoryStore(clock.now),
  leases = { demo: leaseOf() },
  grants = [keeping],
  account = {},
  life = 3600,
  observe,
}: LeaseOptions = {}): Instance => {
  const config = readConfig(
    {
      accounts: {
        aws: {
          cloud: 'aws',
          endpoint: 'https://sts.amazonaws.com',
          key: { id: 'AKID', secret: 'env:KEY' },
          ...account,
        },
      },
      grants,
      leases,
    },
    { folder: '/nowhere', environment: { KEY: 'secret', TOKEN: 'a-token-of-thirty-two-characters' } },
  );
  const rules = rulesOf(config, [awsUpstream], undefined);
  const shapeOf = leaseShape(config, rules);
  const instance: Instance = {
    clock,
    store,
    reader: leaseReader(config.leases, store, shapeOf, clock.monotonicMs),
    records: [],
    events: [],
    minted: [],
    deliveries: [],
    mint: async () => credentialsOf(instance.minted.length, clock.now(), life),
    deliver: async () => undefined,
    notify: async () => undefined,
    audit: unlimitedAuditLog(async (record) => {
      instance.records.push(record);
    }),
    run: (signal = new AbortController().signal) =>
      createdRun({ signal, until: new Date(clock.now().getTime() + 50_000) }),
    live: async (milliseconds) => {
      for (let passed = 0; passed < milliseconds; passed += minute) {
        await instance.run();
        await clock.pass(minute);
      }
    },
  };
  const brokerDeps: LeaseDeps = {
    settings: config.leases,
    rules,
    shapeOf,
    clouds: new Map([['aws', awsUpstream]]),
    store,
    clock: clock satisfies Clock,
    ...(observe === undefined ? {} : { observe }),
    audit: unlimitedAuditLog((record) => instance.audit(record)),
    fresh: (request) => {
      instance.minted.push(request);
      return instance.mint(request);
    },
    deliver: (settings, payload, signal) => {
      const path = 'path' in settings ? settings.path : settings.kind;
      instance.deliveries.push({
        path,
        accessKeyId: payload.content.credentials.accessKeyId,
        version: payload.version,
      });
      return instance.deliver(settings, payload, signal);
    },
    notify: async (event, signal) => {
      await instance.notify(event, signal);
      instance.events.push(event);
    },
  };
  const createdRun = createRun(brokerDeps);
  return instance;
};

/** The access key id that readers are given; `undefined` where there is none. */
export const served = async ({ reader, clock }: Instance, lease = 'demo'): Promise<string | undefined> => {
  const reading = await reader.read(lease, clock.now());
  return reading.kind === 'credentials' ? reading.credentials.accessKeyId : undefined;
};
