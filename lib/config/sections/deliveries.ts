import { resolve } from 'node:path';
import * as v from 'valibot';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { DeliverySettings } from '../../delivery/settings.ts';
import { accessKey, accessKeyOf } from '../access-key.ts';
import { type ConfigContext, withoutAwsRole } from '../context.ts';
import { described, endpoint, reference, region, text } from '../values.ts';

const format = described(
  'What the credentials are written as.',
  v.optional(v.picklist(['default', 'aws-process', 'aws-container', 'cos', 'cos-sts', 'dotenv']), 'default'),
);

/** The members of a webhook, which is signed by `credmint-signature: t=SECONDS,v1=HMAC-SHA256 of "SECONDS.BODY"`. */
export const webhookMembers = {
  url: described('The URL that is posted to.', endpoint),
  secret: described('A reference to the secret that signs the body.', reference),
};

const serviceRegion = described('The region of the service.', region);
const serviceEndpoint = described("The service's endpoint; absent is the region's own.", v.optional(endpoint));

/** A place that a lease's credentials are delivered to. */
export const delivery = v.variant('kind', [
  v.strictObject({
    kind: described('A secret of AWS Secrets Manager that exists already.', v.literal('secretsmanager')),
    secretId: described("The secret's ARN or name.", text),
    region: serviceRegion,
    endpoint: serviceEndpoint,
    format,
  }),
  v.strictObject({
    kind: described('A SecureString of AWS Parameter Store, created if it does not exist.', v.literal('ssm')),
    parameter: described("The parameter's name.", text),
    region: serviceRegion,
    kmsKeyId: described("The KMS key that encrypts it; absent is the account's own.", v.optional(text)),
    endpoint: serviceEndpoint,
    format,
  }),
  v.strictObject({
    kind: described('A secret of Tencent Cloud Secrets Manager that exists already.', v.literal('tencent-ssm')),
    secretName: described("The secret's name.", text),
    versionId: described(
      'The version that is kept current.',
      v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be a version')), 'credmint'),
    ),
    region: serviceRegion,
    key: described('The access key that the service is called with.', accessKey),
    endpoint: described("The service's endpoint.", v.optional(endpoint, 'https://ssm.tencentcloudapi.com')),
    format,
  }),
  v.strictObject({
    kind: described('A Secret of Kubernetes, created if it does not exist.', v.literal('kubernetes')),
    namespace: described(
      'The namespace of the Secret.',
      v.pipe(v.string(), v.regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a namespace')),
    ),
    secretName: described(
      'The name of the Secret.',
      v.pipe(v.string(), v.regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be the name of a Secret')),
    ),
    entry: described(
      "One entry in the format; absent is an entry for each environment variable of the cloud's own tools.",
      v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,253}$/, 'must be the key of an entry'))),
    ),
    endpoint: described('The API server.', v.optional(endpoint, 'https://kubernetes.default.svc')),
    tokenFile: described(
      'The file of the token that proves this process, read again for each delivery.',
      v.optional(text, '/var/run/secrets/kubernetes.io/serviceaccount/token'),
    ),
    caFile: described(
      "The file of the API server's certificates, in PEM; absent is the cluster's own file if the endpoint is in the cluster.",
      v.optional(text),
    ),
    format,
  }),
  v.strictObject({
    kind: described('A file, replaced whole.', v.literal('file')),
    path: described('The path of the file, relative to the configuration.', text),
    format,
  }),
  v.strictObject({ kind: described('A signed POST.', v.literal('webhook')), ...webhookMembers, format }),
]);

/** A delivery as it is used. */
export const deliveryOf = (
  written: v.InferOutput<typeof delivery>,
  path: string,
  context: ConfigContext,
): DeliverySettings => {
  const { secret, fault, folder } = context;
  switch (written.kind) {
    case 'secretsmanager':
    case 'ssm': {
      if (context.aws === undefined) fault(path, withoutAwsRole);
      const { endpoint, ...rest } = written;
      return omitUndefined({ ...rest, endpoint: endpoint === undefined ? undefined : new URL(endpoint) });
    }
    case 'tencent-ssm': {
      const key = accessKeyOf(written.key, `${path}.key`, context);
      return { ...written, key, endpoint: new URL(written.endpoint) };
    }
    case 'kubernetes': {
      // In a cluster the certificates are beside the token.
      const inCluster = written.endpoint.startsWith('https://kubernetes.default');
      const defaultCa = inCluster ? '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' : undefined;
      const caFile = written.caFile === undefined ? defaultCa : resolve(folder, written.caFile);
      const tokenFile = resolve(folder, written.tokenFile);
      return omitUndefined({ ...written, endpoint: new URL(written.endpoint), tokenFile, caFile });
    }
    case 'file':
      return { ...written, path: resolve(folder, written.path) };
    case 'webhook':
      return { ...written, url: new URL(written.url), secret: secret(`${path}.secret`, written.secret) };
  }
};
