import type { AccessKey } from '../core/credentials.ts';
import type { Secret } from '../core/secret.ts';

/** A role that is assumed by a token that the platform keeps fresh in a file. */
export interface FileIdentity {
  readonly kind: 'webIdentity';
  readonly cloud: 'aws' | 'tencent';
  /** Read for each exchange: the platform writes it anew. */
  readonly tokenFile: string;
  readonly role: string;
  readonly sessionName: string;
  /** Tencent Cloud's name of the provider. */
  readonly providerId?: string;
  readonly region?: string;
  /** The STS that exchanges the token. */
  readonly endpoint: URL;
}

/** From where a process gets the credentials that its platform gives it. */
export type RuntimeIdentity =
  /** From its environment, as on Lambda and SCF. Read each time, as a platform may write it anew. */
  | { readonly kind: 'environment'; readonly cloud: 'aws' | 'tencent'; read(): AccessKey | undefined }
  /** From a local endpoint, as on ECS, on EKS, and on Lambda started from a snapshot. */
  | {
      readonly kind: 'container';
      readonly cloud: 'aws';
      readonly url: URL;
      readonly token?: Secret;
      readonly tokenFile?: string;
    }
  | FileIdentity
  /** From the metadata of the machine, as on EC2 and CVM. */
  | { readonly kind: 'instance'; readonly cloud: 'aws' | 'tencent'; readonly endpoint: URL };

const places = {
  environment: { aws: 'the environment, as on Lambda', tencent: 'the environment, as on SCF' },
  webIdentity: { aws: 'a web identity token file', tencent: 'a web identity token file, as on TKE' },
  instance: {
    aws: 'the metadata of the EC2 instance (IMDSv2), as nothing else was found',
    tencent: 'the metadata of the CVM instance, as nothing else was found',
  },
} as const;

/** Where an identity comes from, in words that hold no secret. */
export const describeIdentity = (identity: RuntimeIdentity): string => {
  if (identity.kind === 'container') return `the container credentials endpoint at ${identity.url.host}`;
  const place = places[identity.kind][identity.cloud];
  return identity.kind === 'webIdentity' ? `${place}, for the role ${identity.role}` : place;
};
