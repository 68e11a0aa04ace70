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

/** Every kind of target. A new one begins with a line here, and the contract suite finds it. */
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

/** Delivers to a target; rejects with an StsError if the payload did not arrive. */
export type DeliverTo = (settings: DeliverySettings, payload: Payload, signal: AbortSignal) => Promise<void>;

/**
 * Delivers to targets of every kind.
 *
 * @example
 * const deliver = deliverer({ transport, trusting, clock, aws });
 * await deliver({ kind: 'file', path: '/run/credentials', format: 'dotenv' }, payload, signal);
 */
export const deliverer =
  (deps: DeliveryDeps): DeliverTo =>
  async (settings, payload, signal) => {
    // The type of the table pairs kind and settings; a lookup by a union of kinds loses that.
    const deliver = deliveries[settings.kind] as Deliver<DeliverySettings>;
    try {
      await deliver(settings, payload, deps, signal);
    } catch (thrown) {
      // Any other error comes from a call that had no answer.
      throw thrown instanceof StsError ? thrown : new StsError('CloudUnavailable', 'The target did not answer.');
    }
  };

/** The target's kind and name, for the audit record. */
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

/** A short hash of the settings, so it changes as soon as they do. Secrets do not print, so they are not in it. */
export const deliveryId = (settings: DeliverySettings): string =>
  hash('sha256', JSON.stringify(settings), 'base64url').slice(0, 16);
