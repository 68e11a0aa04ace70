import type { Secret } from './secret.ts';

/** The identity that the credentials give, in the system's own words. */
export interface Subject {
  readonly arn: string;
  readonly id: string;
}

/** Temporary credentials, in terms that belong to no cloud. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret;
  /** The instant the cloud stops honouring them, as the cloud said it; never computed from what was asked. */
  readonly expiration: Date;
  /** The assumed or federated identity, if the cloud reports one. */
  readonly subject?: Subject;
  /** How much of the space for policies and tags is used, in percent, if the cloud reports it. */
  readonly packedPolicySize?: number;
  readonly sourceIdentity?: string;
  /** What the cloud read from an identity token, if one was exchanged. */
  readonly webIdentity?: WebIdentity;
  /** The cloud's own id of the call that minted these. */
  readonly upstreamRequestId?: string;
}

export interface WebIdentity {
  readonly subject: string;
  readonly audience?: string;
  readonly provider?: string;
}

/** An identity, as a system names it. */
export interface Identity {
  /** The id of the account (AWS), owner uin (Tencent), company (UCloud) or namespace (ECS). */
  readonly accountId: string;
  readonly userId: string;
  readonly arn: string;
  readonly principalId?: string;
  readonly type?: 'user' | 'role' | 'federated';
}

/** A long-term key, or a temporary triad used as one. */
export interface AccessKey {
  readonly id: string;
  readonly secret: Secret;
  readonly token?: Secret;
}
