import type { AwsCall } from '../aws/json.ts';
import type { Content } from '../clouds/json/formats.ts';
import type { Clock } from '../core/clock.ts';
import type { Transport } from '../core/transport.ts';
import type { DeliverySettings } from './settings.ts';

/** One lease's credentials on their way. The same parcel may be delivered again, and is then the same to the byte. */
export interface Payload {
  readonly lease: string;
  /** 32 hex digits: the same for the same credentials, so that a place may know that it has them. */
  readonly version: string;
  readonly content: Content;
}

/** What deliveries are made with. */
export interface DeliveryDeps {
  readonly transport: Transport;
  /** A transport that trusts these certificates, in PEM, instead of the usual ones. */
  trusting(ca: string): Transport;
  readonly clock: Clock;
  /** A service of AWS, asked in this process's own name. */
  aws(service: 'secretsmanager' | 'ssm', region: string, endpoint: URL | undefined): AwsCall;
}

/** Takes a parcel to one kind of place; rejects with an StsError where it did not arrive. */
export type Deliver<Settings extends DeliverySettings> = (
  settings: Settings,
  payload: Payload,
  deps: DeliveryDeps,
  signal: AbortSignal,
) => Promise<void>;
