import { compactDecrypt, importJWK, type JWK } from 'jose';
import { isObject, member, readJson } from '../wire/json.ts';

/** The credentials of a reply to an event, decrypted. */
export interface OpenedReply {
  readonly account: string;
  readonly cloud: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    /** RFC 3339. */
    readonly expiration: string;
  };
}

/**
 * Decrypts a `credmint.mint.completed` event, as text or value, or the JWE in it, with the recipient's private key.
 * Rejects if the key is another one or the text was changed. For receivers: apart from jose it needs only lib/wire.
 */
export const openReply = async (reply: unknown, privateKey: JWK): Promise<OpenedReply> => {
  const value = typeof reply === 'string' && reply.trimStart().startsWith('{') ? readJson(reply) : reply;
  const jwe = isObject(value)
    ? (member(member(value, 'data'), 'jwe') ?? member(member(member(value, 'detail'), 'data'), 'jwe'))
    : value;
  if (typeof jwe !== 'string') throw new Error('There are no credentials in this reply.');
  const { plaintext } = await compactDecrypt(jwe.trim(), await importJWK(privateKey, 'ECDH-ES+A256KW'), {
    keyManagementAlgorithms: ['ECDH-ES+A256KW'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  // Authenticated by the encryption, and written by lib/events/reply-event.ts.
  return JSON.parse(Buffer.from(plaintext).toString('utf8')) as OpenedReply;
};
