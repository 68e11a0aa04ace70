import * as v from 'valibot';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import type { ConfigContext } from '../context.ts';
import { described, reference } from '../values.ts';

/** What the node server shows in its own handshakes, and whose certificates it asks for, in PEM. */
export const tls = v.strictObject({
  cert: described("A reference to the server's certificate chain, in PEM.", reference),
  key: described("A reference to the certificate's private key, in PEM.", reference),
  clientCa: described(
    'A reference to the authorities of client certificates, in PEM; absent asks for none.',
    v.optional(reference),
  ),
});

/** The server's own TLS, in PEM. */
export interface TlsSettings {
  readonly cert: Secret;
  readonly key: Secret;
  /** Authorities of client certificates; without them the server asks for none. */
  readonly clientCa?: Secret;
}

export const tlsOf = ({ cert, key, clientCa }: v.InferOutput<typeof tls>, { secret }: ConfigContext): TlsSettings =>
  omitUndefined({
    cert: secret('tls.cert', cert),
    key: secret('tls.key', key),
    clientCa: clientCa === undefined ? undefined : secret('tls.clientCa', clientCa),
  });
