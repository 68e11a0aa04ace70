import type { AwsCall } from '../aws/json.ts';
import type { Content } from '../clouds/json/formats.ts';
import type { Clock } from '../core/clock.ts';
import type { Transport } from '../core/transport.ts';
import type { DeliverySettings } from './settings.ts';

/** What is delivered: one lease's credentials. A second delivery of them is identical to the byte. */
export interface Payload {
  readonly lease: string;
  /** 32 hex digits: the same for the same credentials, so that a target can tell that it has them. */
  readonly version: string;
  readonly content: Content;
}

/** What delivering needs. */
export interface DeliveryDeps {
  readonly transport: Transport;
  /** A transport that trusts these certificates, in PEM, in place of the system's. */
  trusting(ca: string): Transport;
  readonly clock: Clock;
  /** Calls a service of AWS by this process's own identity. */
  aws(service: 'secretsmanager' | 'ssm', region: string, endpoint: URL | undefined): AwsCall;
}

/**
 * Delivers to one kind of target; rejects with an StsError if the payload did not arrive.
 *
 * @example
 * const toFile: Deliver<FileSettings> = async ({ path, format }, { content }) =>
 *   writeFile(path, formats[format](content).text);
 */
export type Deliver<Settings extends DeliverySettings> = (
  settings: Settings,
  payload: Payload,
  deps: DeliveryDeps,
  signal: AbortSignal,
) => Promise<void>;
