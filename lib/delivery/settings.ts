import type { FormatName } from '../clouds/json/formats.ts';
import type { AccessKey } from '../core/credentials.ts';
import type { Secret } from '../core/secret.ts';

/** What every place is told. */
interface Formatted {
  /** What the credentials are written as there. */
  readonly format: FormatName;
}

/** AWS Secrets Manager: a new version of a secret that is there already. */
export interface SecretsManagerSettings extends Formatted {
  readonly kind: 'secretsmanager';
  /** The secret's ARN or name. */
  readonly secretId: string;
  readonly region: string;
  readonly endpoint?: URL;
}

/** AWS Systems Manager: a parameter of the kind SecureString, made where it is not there. */
export interface ParameterStoreSettings extends Formatted {
  readonly kind: 'ssm';
  /** The parameter's name. */
  readonly parameter: string;
  readonly region: string;
  /** The key that encrypts it; absent is the account's own for the purpose. */
  readonly kmsKeyId?: string;
  readonly endpoint?: URL;
}

/** Tencent Cloud Secrets Manager: one version, kept current, of a secret that is there already. */
export interface TencentSsmSettings extends Formatted {
  readonly kind: 'tencent-ssm';
  readonly secretName: string;
  readonly versionId: string;
  readonly region: string;
  readonly key: AccessKey;
  readonly endpoint: URL;
}

/** A Secret of Kubernetes, made where it is not there. */
export interface KubernetesSettings extends Formatted {
  readonly kind: 'kubernetes';
  readonly namespace: string;
  readonly secretName: string;
  /** The entry of the Secret; absent is an entry for each environment variable of the cloud's own tools. */
  readonly entry?: string;
  readonly endpoint: URL;
  /** The file of the token that proves this process, read anew for each delivery: the cluster renews it. */
  readonly tokenFile: string;
  /** The file of the certificates, in PEM, that the API server is proven by; absent is the usual ones. */
  readonly caFile?: string;
}

/** A file of this machine, replaced whole. */
export interface FileSettings extends Formatted {
  readonly kind: 'file';
  readonly path: string;
}

/** An HTTPS endpoint, which knows by a signature that it is us. */
export interface WebhookSettings extends Formatted {
  readonly kind: 'webhook';
  readonly url: URL;
  readonly secret: Secret;
}

/** A place that a lease's credentials are taken to. */
export type DeliverySettings =
  | SecretsManagerSettings
  | ParameterStoreSettings
  | TencentSsmSettings
  | KubernetesSettings
  | FileSettings
  | WebhookSettings;

/** Where those are told who look after leases: by a signed webhook. */
export type NotifierSettings = Omit<WebhookSettings, 'format'>;
