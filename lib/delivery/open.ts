import { compactDecrypt, importJWK, type JWK } from 'jose';
import { isObject, member, memberText, readJson } from '../wire/json.ts';

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

/** A reply as a value, and what is said in it; EventBridge wraps an event once more. */
const dataIn = (reply: unknown): { readonly value: unknown; readonly data: unknown } => {
  const value = typeof reply === 'string' && reply.trimStart().startsWith('{') ? readJson(reply) : reply;
  return { value, data: member(value, 'data') ?? member(member(value, 'detail'), 'data') };
};

/** The encrypted credentials of a reply; undefined if it has none, as a refusal. */
export const jweIn = (reply: unknown): string | undefined => {
  const { value, data } = dataIn(reply);
  return isObject(value) ? memberText(data, 'jwe') : typeof value === 'string' ? value : undefined;
};

/** Why a request was refused, as a `credmint.mint.refused` says it; undefined if the reply is none. */
export const refusalIn = (reply: unknown): string | undefined => {
  const { data } = dataIn(reply);
  const [code, detail] = [memberText(data, 'code'), memberText(data, 'detail')];
  return code === undefined ? undefined : [code, ...(detail === undefined ? [] : [detail])].join(': ');
};

/**
 * Decrypts a `credmint.mint.completed` event, as text or value, or the JWE in it, with the recipient's private key.
 * Rejects if the key is another one or the text was changed. For receivers: apart from jose it needs only lib/wire.
 */
export const openReply = async (reply: unknown, privateKey: JWK): Promise<OpenedReply> => {
  const jwe = jweIn(reply);
  if (jwe === undefined) throw new Error('There are no credentials in this reply.');
  const { plaintext } = await compactDecrypt(jwe.trim(), await importJWK(privateKey, 'ECDH-ES+A256KW'), {
    keyManagementAlgorithms: ['ECDH-ES+A256KW'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  // Authenticated by the encryption, and written by lib/events/reply-event.ts.
  return JSON.parse(Buffer.from(plaintext).toString('utf8')) as OpenedReply;
};
