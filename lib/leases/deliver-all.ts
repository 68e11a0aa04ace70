import { hash, randomUUID } from 'node:crypto';
import { withRecord } from '../audit/with-record.ts';
import { StsError, type StsErrorCode } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { deliveryId, targetOf } from '../delivery/deliveries.ts';
import type { Payload } from '../delivery/delivery.ts';
import type { DeliverySettings } from '../delivery/settings.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import { type Lease, leaseCaller } from './lease.ts';
import type { Held, LeaseState } from './state.ts';

/** How long one delivery may take. */
const maxDeliveryMs = 10_000;

/** The targets of a lease that do not have the credentials that are held. */
export const pendingOf = (lease: Lease, state: LeaseState): readonly DeliverySettings[] =>
  lease.deliveries.filter((settings) => !state.delivered.includes(deliveryId(settings)));

type DeliverAllDeps = Pick<LeaseDeps, 'rules' | 'clouds' | 'audit' | 'deliver' | 'clock'>;

/** What came of delivering: the ids of the targets that have the credentials, and why others do not. */
export interface DeliveryOutcome {
  readonly delivered: readonly string[];
  /** How the first of those that failed did. */
  readonly code?: StsErrorCode;
}

/** Delivers what is held to every target that does not have it, all at once: one that fails does not delay another. */
export const deliverAll = async (
  deps: DeliverAllDeps,
  lease: Lease,
  state: LeaseState,
  held: Held,
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<DeliveryOutcome> => {
  const payload = payloadOf(deps, lease, held);
  const results = await Promise.all(
    pendingOf(lease, state).map(async (settings) => ({
      id: deliveryId(settings),
      code: await deliverOne(deps, settings, payload, signal),
    })),
  );
  // Targets that the configuration no longer has are forgotten.
  const known = new Set(lease.deliveries.map(deliveryId));
  const arrived = results.flatMap(({ id, code }) => (code === undefined ? [id] : []));
  const code = results.find((result) => result.code !== undefined)?.code;
  return omitUndefined<DeliveryOutcome>({
    delivered: [...state.delivered.filter((id) => known.has(id)), ...arrived],
    code,
  });
};

/** Identical to the byte for the same credentials, however often it is sent. */
const payloadOf = ({ rules, clouds }: DeliverAllDeps, lease: Lease, { credentials, mintedAt }: Held): Payload => {
  const account = rules.accounts.get(lease.account);
  const { accessKeyId, expiration } = credentials;
  return {
    lease: lease.name,
    version: hash('sha256', JSON.stringify([lease.name, accessKeyId, expiration]), 'hex').slice(0, 32),
    content: {
      account: lease.account,
      cloud: account?.cloud ?? '',
      credentials,
      variables: () =>
        (account && (clouds.get(account.cloud) ?? clouds.get('aws'))?.variables(credentials, account)) ?? [],
      now: new Date(mintedAt),
    },
  };
};

/**
 * Resolves to how the delivery failed, or to undefined if the target has the credentials and the record says so. A
 * delivery that arrived and could not be recorded has failed, so it is made again.
 */
const deliverOne = async (
  { audit, deliver, clock }: DeliverAllDeps,
  settings: DeliverySettings,
  payload: Payload,
  signal: AbortSignal,
): Promise<StsErrorCode | undefined> => {
  const { account, cloud, credentials } = payload.content;
  const { accessKeyId, expiration } = credentials;
  const start = {
    time: clock.now(),
    requestId: randomUUID(),
    dialect: 'lease',
    operation: 'DeliverLease',
    caller: leaseCaller,
    proof: 'lease',
    lease: payload.lease,
    account,
    cloud,
    delivery: targetOf(settings),
    accessKeyId,
    expiration,
  };
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    await withRecord(
      start,
      async (record) => {
        record.enter('render');
        const late = clock.sleep(maxDeliveryMs, either).then(() => {
          throw new StsError('CloudUnavailable', 'The target did not answer in time.');
        });
        await Promise.race([deliver(settings, payload, either), late]).finally(() => over.abort());
      },
      { signal },
      { audit },
    );
    return undefined;
  } catch (thrown) {
    return StsError.from(thrown).code;
  }
};
