import { createPrivateKey } from 'node:crypto';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { type SigningKey, type SigningKeys, signingKey } from '../../audit/keys.ts';
import type { AuditSettings, SinkSettings } from '../../audit/settings.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { accessKey, accessKeyOf } from '../access-key.ts';
import type { ConfigContext } from '../context.ts';
import { described, endpoint, integer, reference, text } from '../values.ts';

const sinkKey = described('The access key that lines are sent with.', accessKey);
const sinkRegion = described('The region that requests are signed for.', text);

const sink = v.variant('kind', [
  v.strictObject({ kind: described('Standard output.', v.literal('stdout')) }),
  v.strictObject({
    kind: described('A file that lines are appended to.', v.literal('file')),
    path: described('The path of the file, relative to the configuration.', text),
    sync: described('Whether a line is written only when the disk has it.', v.optional(v.boolean(), false)),
  }),
  v.strictObject({
    kind: described('Objects of a store that speaks S3.', v.literal('s3')),
    endpoint: described("The bucket's own URL.", endpoint),
    region: sinkRegion,
    prefix: described(
      'What the names of the objects begin with: empty, or names that each end in /.',
      v.optional(
        v.pipe(v.string(), v.regex(/^([A-Za-z0-9_.=-]+\/)*$/, 'must be empty, or names that each end in /')),
        '',
      ),
    ),
    key: sinkKey,
  }),
  v.strictObject({
    kind: described('Messages of an SQS queue.', v.literal('sqs')),
    endpoint: described("The queue's URL.", endpoint),
    region: sinkRegion,
    key: sinkKey,
  }),
]);

const count = integer(1, 1_000_000);

/** Where the audit trail goes, and how it is chained and signed. */
export const audit = v.strictObject({
  sink: described('Where lines are written.', v.optional(sink, { kind: 'stdout' })),
  key: described(
    'A reference to the Ed25519 private key that signs checkpoints, as PEM or base64 of its DER. Without one, lines are not chained.',
    v.optional(reference),
  ),
  olderKeys: described(
    'References to the keys before it: they vouch for it at the start of a chain.',
    v.optional(v.array(reference), []),
  ),
  checkpoint: described(
    'How often the chain is signed.',
    v.optional(
      v.strictObject({
        everyRecords: described('After so many records at the latest.', v.optional(count, 100)),
        everySeconds: described('After so many seconds at the latest.', v.optional(count, 60)),
      }),
      {},
    ),
  ),
});

type WrittenAudit = v.InferOutput<typeof audit>;

/** The audit trail that is wanted: on standard output, unless the configuration says otherwise. */
export const auditOf = (written: WrittenAudit, context: ConfigContext): AuditSettings => {
  const { sink, checkpoint, key, olderKeys } = written;
  const current = key === undefined ? undefined : signingKeyOf(key, 'audit.key', context);
  const older = olderKeys.flatMap((each, index) => signingKeyOf(each, `audit.olderKeys.${index}`, context) ?? []);
  const keys: SigningKeys | undefined = current && { current, older };
  return { sink: sinkOf(sink, context), checkpoint, ...omitUndefined({ keys }) };
};

const sinkOf = (written: WrittenAudit['sink'], context: ConfigContext): SinkSettings => {
  switch (written.kind) {
    case 'stdout':
      return written;
    case 'file':
      return { ...written, path: resolve(context.folder, written.path) };
    case 's3':
    case 'sqs': {
      const key = accessKeyOf(written.key, 'audit.sink.key', context);
      return { ...written, endpoint: new URL(written.endpoint), key: async () => key };
    }
  }
};

/** An Ed25519 private key, as PEM or as base64 of its DER (both PKCS #8). */
const signingKeyOf = (reference: string, path: string, context: ConfigContext): SigningKey | undefined => {
  const text = context.secret(path, reference).reveal();
  if (text === '') return undefined; // A fault already.
  try {
    const key = createPrivateKey(
      text.includes('-----BEGIN') ? text : { key: Buffer.from(text, 'base64'), type: 'pkcs8', format: 'der' },
    );
    if (key.asymmetricKeyType === 'ed25519') return signingKey(key);
  } catch {
    // The fault below says it: the error's own message may quote the key.
  }
  context.fault(path, 'must refer to an Ed25519 private key, as PEM or base64 of its DER');
  return undefined;
};
