import { hash, randomUUID } from 'node:crypto';
import { openRecord } from '../core/audit.ts';
import { StsError, type StsErrorCode } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { deliveryId, targetOf } from '../delivery/deliveries.ts';
import type { Payload } from '../delivery/delivery.ts';
import type { DeliverySettings } from '../delivery/settings.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import { type Lease, leaseCaller } from './lease.ts';
import type { Held, LeaseState } from './state.ts';

/** How long one place may take, in milliseconds. */
const longestDelivery = 10_000;

/** The places of a lease that do not have what is held. */
export const pendingOf = (lease: Lease, state: LeaseState): readonly DeliverySettings[] =>
  lease.deliveries.filter((settings) => !state.delivered.includes(deliveryId(settings)));

type Means = Pick<LeaseDeps, 'rules' | 'clouds' | 'audit' | 'deliver' | 'clock'>;

/** What came of handing over: who has it now, and how the rest failed. */
export interface DeliveryOutcome {
  readonly delivered: readonly string[];
  readonly code?: StsErrorCode;
}

/** Takes what is held to every place that does not have it. Each stands alone: one that fails keeps no other waiting. */
export const deliverAll = async (
  deps: Means,
  lease: Lease,
  state: LeaseState,
  held: Held,
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<DeliveryOutcome> => {
  const payload = parcelOf(deps, lease, held);
  const results = await Promise.all(
    pendingOf(lease, state).map(async (settings) => ({
      id: deliveryId(settings),
      code: await deliverOne(deps, settings, payload, signal),
    })),
  );
  // Places that the configuration no longer has are forgotten.
  const known = new Set(lease.deliveries.map(deliveryId));
  const arrived = results.flatMap(({ id, code }) => (code === undefined ? [id] : []));
  const code = results.find((result) => result.code !== undefined)?.code;
  return { delivered: [...state.delivered.filter((id) => known.has(id)), ...arrived], ...omitUndefined({ code }) };
};

/** The same to the byte for the same credentials, however often it is sent. */
const parcelOf = ({ rules, clouds }: Means, lease: Lease, { credentials, mintedAt }: Held): Payload => {
  const account = rules.accounts.get(lease.account);
  const { accessKeyId, expiration } = credentials;
  return {
    lease: lease.name,
    version: hash('sha256', JSON.stringify([lease.name, accessKeyId, expiration]), 'hex').slice(0, 32),
    content: {
      account: lease.account,
      cloud: account?.cloud ?? '',
      credentials,
      variables: (account && (clouds.get(account.cloud) ?? clouds.get('aws'))?.variables(credentials, account)) ?? [],
      now: new Date(mintedAt),
    },
  };
};

/** The code of the failure; `undefined` where the place has it, and the audit trail says so. */
const deliverOne = async (
  { audit, deliver, clock }: Means,
  settings: DeliverySettings,
  payload: Payload,
  signal: AbortSignal,
): Promise<StsErrorCode | undefined> => {
  const { account, cloud, credentials } = payload.content;
  const record = openRecord({ time: clock.now(), requestId: randomUUID(), dialect: 'lease' }, () => performance.now());
  const { accessKeyId, expiration } = credentials;
  record.note({ operation: 'DeliverLease', caller: leaseCaller, proof: 'lease', lease: payload.lease, account, cloud });
  record.note({ delivery: targetOf(settings), accessKeyId, expiration });
  let code: StsErrorCode | undefined;
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    record.enter('render');
    const late = clock.sleep(longestDelivery, either).then(() => {
      throw new StsError('CloudUnavailable', 'The place did not answer in time.');
    });
    await Promise.race([deliver(settings, payload, either), late]);
    record.note({ outcome: 'Done' });
  } catch (thrown) {
    const error = StsError.from(thrown);
    code = error.code;
    record.note({ outcome: code, ...omitUndefined({ upstream: error.detail.upstream }) });
  } finally {
    over.abort();
  }
  try {
    await audit(record.close());
  } catch {
    // It is there, and not written down: it is taken there again until it is.
    code = 'Internal';
  }
  return code;
};
