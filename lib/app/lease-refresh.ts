import { randomUUID } from 'node:crypto';
import { awsCredentials } from '../aws/credentials.ts';
import { awsCall } from '../aws/json.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import type { Clock } from '../core/clock.ts';
import { deliverer } from '../delivery/deliveries.ts';
import type { DeliveryDeps } from '../delivery/delivery.ts';
import { signedPost } from '../delivery/signed-post.ts';
import type { LeaseDeps } from '../leases/deps.ts';
import { createRun, type RefreshRun } from '../leases/run.ts';
import { nodeTransport } from '../transport/node-http.ts';
import type { AppDeps } from './compose.ts';
import { leaseShape } from './lease-shape.ts';
import { sleep } from './sleep.ts';

/** Keeps the leases of a configuration fresh, with the rooms of whoever serves it. */
export const leaseRefresh = (
  brokerDeps: BrokerDeps,
  config: Config,
  appDeps: Pick<AppDeps, 'store' | 'transport' | 'now' | 'sleep' | 'chance'>,
): RefreshRun => {
  const { store, transport, now } = appDeps;
  const clock: Clock = { now, sleep: appDeps.sleep ?? sleep, chance: appDeps.chance ?? Math.random };
  return createRun({
    settings: config.leases,
    rules: brokerDeps.rules,
    shapeOf: leaseShape(config, brokerDeps.rules),
    fresh: brokerDeps.mint.fresh,
    clouds: brokerDeps.clouds,
    audit: brokerDeps.audit,
    store,
    deliver: deliverer(meansOf(config, transport, clock)),
    notify: notifier(config, { transport, clock }),
    clock,
  });
};

const meansOf = ({ aws }: Config, transport: AppDeps['transport'], clock: Clock): DeliveryDeps => {
  const credentials =
    aws === undefined
      ? () => Promise.reject(new Error('There are no credentials.'))
      : awsCredentials(aws, transport, clock.now);
  // Connections are kept by certificates: a new transport for each delivery would shake hands each time.
  const trusting = new Map<string, AppDeps['transport']>();
  return {
    transport,
    clock,
    trusting: (ca) => {
      const known = trusting.get(ca) ?? nodeTransport(ca);
      // Those before are of certificates that the cluster has replaced.
      if (!trusting.has(ca)) trusting.clear();
      trusting.set(ca, known);
      return known;
    },
    aws: (name, region, endpoint) => awsCall({ name, region, endpoint }, { transport, credentials, now: clock.now }),
  };
};

/** Posts each event as a CloudEvent 1.0 to everybody whom the configuration names. */
const notifier =
  ({ leases: { notify } }: Config, deps: Pick<DeliveryDeps, 'transport' | 'clock'>): LeaseDeps['notify'] =>
  async ({ type, lease, data }, signal) => {
    const body = JSON.stringify({
      specversion: '1.0',
      id: randomUUID(),
      source: 'urn:credmint',
      type,
      subject: lease,
      time: deps.clock.now().toISOString(),
      datacontenttype: 'application/json',
      data,
    });
    const headers = { 'content-type': 'application/cloudevents+json' };
    await Promise.all(notify.map(({ url, secret }) => signedPost({ url, secret, headers, body }, deps, signal)));
  };
