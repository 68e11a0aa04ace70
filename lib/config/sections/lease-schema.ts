import * as v from 'valibot';
import { holdsExactNumbers } from '../../wire/json.ts';
import { endpoint, name, reference, text } from '../values.ts';

const region = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'must be a region'));

/** What the credentials are written as. */
const format = v.optional(v.picklist(['default', 'aws-process', 'aws-container', 'cos', 'dotenv']), 'default');

const webhook = { url: endpoint, secret: reference };

const delivery = v.variant('kind', [
  /** The ARN or name of a secret that is there already. */
  v.strictObject({
    kind: v.literal('secretsmanager'),
    secretId: text,
    region,
    endpoint: v.optional(endpoint),
    format,
  }),
  v.strictObject({
    kind: v.literal('ssm'),
    parameter: text,
    region,
    kmsKeyId: v.optional(text),
    endpoint: v.optional(endpoint),
    format,
  }),
  v.strictObject({
    kind: v.literal('tencent-ssm'),
    secretName: text,
    /** The version that is kept current. */
    versionId: v.optional(
      v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be a version')),
      'credmint',
    ),
    region,
    key: v.strictObject({ id: text, secret: reference, token: v.optional(reference) }),
    endpoint: v.optional(endpoint, 'https://ssm.tencentcloudapi.com'),
    format,
  }),
  v.strictObject({
    kind: v.literal('kubernetes'),
    namespace: v.pipe(v.string(), v.regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a namespace')),
    secretName: v.pipe(v.string(), v.regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be the name of a Secret')),
    /** One entry in `format`; absent is an entry for each environment variable of the cloud's own tools. */
    entry: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,253}$/, 'must be the key of an entry'))),
    endpoint: v.optional(endpoint, 'https://kubernetes.default.svc'),
    tokenFile: v.optional(text, '/var/run/secrets/kubernetes.io/serviceaccount/token'),
    caFile: v.optional(text),
    format,
  }),
  v.strictObject({ kind: v.literal('file'), path: text, format }),
  v.strictObject({ kind: v.literal('webhook'), ...webhook, format }),
]);

const parts = {
  account: name,
  durationSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(60), v.maxValue(604_800))),
  policy: v.optional(
    v.pipe(
      v.record(v.string(), v.unknown()),
      v.check((document) => holdsExactNumbers(document), 'holds a number that JSON readers round'),
    ),
  ),
  tags: v.optional(v.record(text, text)),
  /** Where the credentials go besides the store. */
  deliver: v.optional(v.array(delivery), []),
  /** At least 32 characters that readers of this lease alone may show: `lease-reader` to the grants. */
  readToken: v.optional(reference),
};

const sessionName = v.pipe(
  v.string(),
  v.regex(/^[\w+=,.@-]{1,64}$/, 'must be a name of letters, digits, _ + = , . @ -'),
);

/** Credentials to keep fresh. The names are the clouds' own. */
const lease = v.variant('operation', [
  v.strictObject({
    operation: v.literal('AssumeRole'),
    role: text,
    sessionName: v.optional(sessionName),
    ...parts,
  }),
  v.strictObject({ operation: v.literal('GetFederationToken'), name: v.optional(sessionName), ...parts }),
]);

/** The parts of the configuration that are about leases. */
export const leaseParts = {
  leases: v.optional(v.record(name, lease), {}),
  /** Who hears that a lease is failing, before it ends. */
  notify: v.optional(v.array(v.strictObject({ kind: v.literal('webhook'), ...webhook })), []),
};

export type WrittenDelivery = v.InferOutput<typeof delivery>;
export type WrittenLease = v.InferOutput<typeof lease>;
