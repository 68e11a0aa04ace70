import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import type { WrittenConfig } from '../schema.ts';

/** What the node server shows in its own handshakes, and whose certificates it asks for there. In PEM. */
export interface TlsSettings {
  readonly cert: Secret;
  readonly key: Secret;
  /** Authorities of client certificates; without them none is asked for. */
  readonly clientCa?: Secret;
}

export const tlsOf = (
  { cert, key, clientCa }: NonNullable<WrittenConfig['tls']>,
  secret: (path: string, reference: string) => Secret,
): TlsSettings =>
  omitUndefined({
    cert: secret('tls.cert', cert),
    key: secret('tls.key', key),
    clientCa: clientCa === undefined ? undefined : secret('tls.clientCa', clientCa),
  });
