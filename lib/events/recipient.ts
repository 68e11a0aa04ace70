import { CompactEncrypt, importJWK, type JWK } from 'jose';
import type { ReplyTarget } from './reply-target.ts';

/** Who may be sent credentials: the key that they are encrypted for, and where they go. */
export interface Recipient {
  readonly name: string;
  /** A public key for ECDH (RFC 7518, 4.6): P-256, P-384, P-521 or X25519. */
  readonly key: JWK;
  /** The callers whose credentials may be sent there. */
  readonly callers: ReadonlySet<string>;
  readonly reply: ReplyTarget;
}

/** Encrypts a text so that only the recipient's private key decrypts it (RFC 7516). */
export const encryptFor = async ({ key }: Recipient, text: string): Promise<string> =>
  new CompactEncrypt(Buffer.from(text, 'utf8'))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'application/json', ...kidOf(key) })
    .encrypt(await importJWK(key, 'ECDH-ES+A256KW'));

const kidOf = ({ kid }: JWK): { kid?: string } => (kid === undefined ? {} : { kid });
