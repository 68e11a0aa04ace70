import { hash } from 'node:crypto';
import { StsError } from '../core/errors.ts';
import type { Deliver, DeliveryDeps, Payload } from './delivery.ts';
import { toFile } from './file.ts';
import { toKubernetes } from './kubernetes.ts';
import { toParameterStore } from './parameter-store.ts';
import { toSecretsManager } from './secrets-manager.ts';
import type { DeliverySettings } from './settings.ts';
import { toTencentSsm } from './tencent-ssm.ts';
import { toWebhook } from './webhook.ts';

/** Every kind of place. A new one begins with a line here, and the contract suite finds it. */
export const deliveries: {
  readonly [Kind in DeliverySettings['kind']]: Deliver<Extract<DeliverySettings, { kind: Kind }>>;
} = {
  secretsmanager: toSecretsManager,
  ssm: toParameterStore,
  'tencent-ssm': toTencentSsm,
  kubernetes: toKubernetes,
  file: toFile,
  webhook: toWebhook,
};

/** Takes a parcel to a place; rejects with an StsError where it did not arrive. */
export type DeliverTo = (settings: DeliverySettings, payload: Payload, signal: AbortSignal) => Promise<void>;

export const deliverer =
  (deps: DeliveryDeps): DeliverTo =>
  async (settings, payload, signal) => {
    // The table's own type says that the two go together; a lookup by a union forgets it.
    const deliver = deliveries[settings.kind] as Deliver<DeliverySettings>;
    try {
      await deliver(settings, payload, deps, signal);
    } catch (thrown) {
      // What is no StsError comes from a call that had no answer.
      throw thrown instanceof StsError ? thrown : new StsError('CloudUnavailable', 'The place did not answer.');
    }
  };

/** A place by the name that people know it by. */
export const targetOf = (settings: DeliverySettings): string => {
  switch (settings.kind) {
    case 'secretsmanager':
      return `secretsmanager ${settings.secretId}`;
    case 'ssm':
      return `ssm ${settings.parameter}`;
    case 'tencent-ssm':
      return `tencent-ssm ${settings.secretName}`;
    case 'kubernetes':
      return `kubernetes ${settings.namespace}/${settings.secretName}`;
    case 'file':
      return `file ${settings.path}`;
    case 'webhook':
      return `webhook ${settings.url.host}`;
  }
};

/** The same for the same place told the same; another as soon as it is told anything else. Secrets print as none. */
export const deliveryId = (settings: DeliverySettings): string =>
  hash('sha256', JSON.stringify(settings), 'base64url').slice(0, 16);
