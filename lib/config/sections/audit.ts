import { createPrivateKey } from 'node:crypto';
import { resolve } from 'node:path';
import { type SigningKey, type SigningKeys, signingKey } from '../../audit/keys.ts';
import type { AuditSettings, SinkSettings } from '../../audit/settings.ts';
import type { AccessKey } from '../../core/credentials.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import type { WrittenAudit } from '../schema.ts';

/** What following the references of this section takes. */
export interface AuditContext {
  readonly folder: string;
  secret(path: string, reference: string): Secret;
  complain(path: string, why: string): void;
}

/** How the audit trail is wanted: on standard output, unless the configuration says otherwise. */
export const auditOf = (written: WrittenAudit, surroundings: AuditContext): AuditSettings => {
  const { sink, checkpoint, key, olderKeys } = written;
  const current = key === undefined ? undefined : readKey('audit.key', key, surroundings);
  const older = olderKeys.flatMap((each, index) => readKey(`audit.olderKeys.${index}`, each, surroundings) ?? []);
  const keys: SigningKeys | undefined = current && { current, older };
  return { sink: sinkOf(sink, surroundings), checkpoint, ...omitUndefined({ keys }) };
};

const sinkOf = (written: WrittenAudit['sink'], surroundings: AuditContext): SinkSettings => {
  switch (written.kind) {
    case 'stdout':
      return written;
    case 'file':
      return { ...written, path: resolve(surroundings.folder, written.path) };
    case 's3':
    case 'sqs': {
      const key = accessKeyOf(written.key, surroundings);
      return { ...written, endpoint: new URL(written.endpoint), key: async () => key };
    }
  }
};

const isReference = (text: string): boolean => /^(env|file):/.test(text);

/** Of a function the platform gives all three by its environment, the id too. */
const accessKeyOf = (
  { id, secret, token }: { readonly id: string; readonly secret: string; readonly token?: string | undefined },
  surroundings: AuditContext,
): AccessKey =>
  omitUndefined({
    id: isReference(id) ? surroundings.secret('audit.sink.key.id', id).reveal() : id,
    secret: surroundings.secret('audit.sink.key.secret', secret),
    token: token === undefined ? undefined : surroundings.secret('audit.sink.key.token', token),
  });

/** An Ed25519 private key, as PEM or as base64 of its DER (both PKCS #8). */
const readKey = (path: string, reference: string, surroundings: AuditContext): SigningKey | undefined => {
  const text = surroundings.secret(path, reference).reveal();
  if (text === '') return undefined; // Complained of already.
  try {
    const key = createPrivateKey(
      text.includes('-----BEGIN') ? text : { key: Buffer.from(text, 'base64'), type: 'pkcs8', format: 'der' },
    );
    if (key.asymmetricKeyType === 'ed25519') return signingKey(key);
  } catch {
    // Said below: why a key cannot be read may quote it.
  }
  surroundings.complain(path, 'must refer to an Ed25519 private key, as PEM or base64 of its DER');
  return undefined;
};
