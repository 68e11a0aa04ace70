import { randomUUID } from 'node:crypto';
import { awsCall } from '../aws/json.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import type { Clock } from '../core/clock.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Transport } from '../core/transport.ts';
import { deliverer } from '../delivery/deliveries.ts';
import type { DeliveryDeps } from '../delivery/delivery.ts';
import { signedPost } from '../delivery/signed-post.ts';
import type { LeaseDeps } from '../leases/deps.ts';
import { createRun, type RefreshRun } from '../leases/run.ts';
import { nodeTransport } from '../transport/node-http.ts';
import type { Proxies } from '../transport/proxies.ts';
import { awsDepsOf } from './aws-deps.ts';
import { type ClockDeps, clockOf } from './clock.ts';
import type { AppDeps } from './deps.ts';
import { leaseShape } from './lease-shape.ts';

/**
 * Refreshes the leases of a configuration: each run mints, keeps and delivers those that are due.
 *
 * @example
 * const run = leaseRefresh(app.brokerDeps, config, { ...deps, store: app.store });
 * await run({ signal: AbortSignal.timeout(50_000), until: new Date(Date.now() + 50_000) });
 */
export const leaseRefresh = (
  brokerDeps: BrokerDeps,
  config: Config,
  deps: Pick<AppDeps, 'store' | 'transport' | 'proxies'> & ClockDeps,
  observe?: LeaseDeps['observe'],
): RefreshRun => {
  const { store, transport } = deps;
  const clock = clockOf(deps);
  return createRun({
    settings: config.leases,
    rules: brokerDeps.rules,
    shapeOf: leaseShape(config, brokerDeps.rules),
    fresh: brokerDeps.mint.fresh,
    clouds: brokerDeps.clouds,
    audit: brokerDeps.audit,
    store,
    deliver: deliverer(deliveryDeps(config, transport, deps.proxies, clock)),
    notify: notifier(config, { transport, clock }),
    clock,
    ...(observe === undefined ? {} : { observe }),
  });
};

const deliveryDeps = (
  { aws }: Config,
  transport: Transport,
  proxies: Proxies | undefined,
  clock: Clock,
): DeliveryDeps => {
  const awsDeps = awsDepsOf(aws, { transport, now: clock.now });
  // One transport for each certificate, as a new one would shake hands again for each delivery.
  const transports = new Map<string, Transport>();
  return {
    transport,
    clock,
    trusting: (ca) => {
      const known = transports.get(ca) ?? nodeTransport(omitUndefined({ ca, proxies }));
      // The others belong to certificates that the cluster has replaced.
      if (!transports.has(ca)) transports.clear();
      transports.set(ca, known);
      return known;
    },
    aws: (name, region, endpoint) => awsCall({ name, region, endpoint }, awsDeps),
  };
};

/** Posts each event as a CloudEvent 1.0 to every webhook that the configuration names. */
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
