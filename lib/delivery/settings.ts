import type { FormatName } from '../clouds/json/formats.ts';
import type { AccessKey } from '../core/credentials.ts';
import type { Secret } from '../core/secret.ts';

/** What every kind of target has. */
interface Formatted {
  /** The format in which the credentials are written. */
  readonly format: FormatName;
}

/** AWS Secrets Manager: a new version of an existing secret. */
export interface SecretsManagerSettings extends Formatted {
  readonly kind: 'secretsmanager';
  /** The secret's ARN or name. */
  readonly secretId: string;
  readonly region: string;
  readonly endpoint?: URL;
}

/** AWS Systems Manager: a SecureString parameter, created if it does not exist. */
export interface ParameterStoreSettings extends Formatted {
  readonly kind: 'ssm';
  /** The parameter's name. */
  readonly parameter: string;
  readonly region: string;
  /** The KMS key that encrypts it; absent for the account's default key. */
  readonly kmsKeyId?: string;
  readonly endpoint?: URL;
}

/** Tencent Cloud Secrets Manager: one version, kept current, of an existing secret. */
export interface TencentSsmSettings extends Formatted {
  readonly kind: 'tencent-ssm';
  readonly secretName: string;
  readonly versionId: string;
  readonly region: string;
  readonly key: AccessKey;
  readonly endpoint: URL;
}

/** A Secret of Kubernetes, created if it does not exist. */
export interface KubernetesSettings extends Formatted {
  readonly kind: 'kubernetes';
  readonly namespace: string;
  readonly secretName: string;
  /** The entry of the Secret; absent for an entry per environment variable of the cloud's own tools. */
  readonly entry?: string;
  readonly endpoint: URL;
  /** The file of this process's token, read for each delivery, because the cluster renews it. */
  readonly tokenFile: string;
  /** The file of the certificates, in PEM, that the API server's is verified by; absent for the system's. */
  readonly caFile?: string;
}

/** A local file, replaced whole. */
export interface FileSettings extends Formatted {
  readonly kind: 'file';
  readonly path: string;
}

/** An HTTPS endpoint, which verifies our signature. */
export interface WebhookSettings extends Formatted {
  readonly kind: 'webhook';
  readonly url: URL;
  readonly secret: Secret;
}

/** A target that a lease's credentials are delivered to. */
export type DeliverySettings =
  | SecretsManagerSettings
  | ParameterStoreSettings
  | TencentSsmSettings
  | KubernetesSettings
  | FileSettings
  | WebhookSettings;

/** A webhook that is told when a lease is failing. */
export type NotifierSettings = Omit<WebhookSettings, 'format'>;
