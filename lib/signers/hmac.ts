import { type BinaryToTextEncoding, hash } from 'node:crypto';

type HmacHash = 'sha1' | 'sha256';

/** Both hashes work in blocks of so many bytes. */
const blockBytes = 64;

/** No character takes more in UTF-8, by UTF-16 code unit. */
const maxBytesPerUnit = 3;

const utf8 = new TextEncoder();

/** Longer texts are signed in memory of their own. */
const scratch = Buffer.alloc(16 * 1024);

/**
 * A key of HMAC (RFC 2104) for one hash. Made of two hashes of Node's in one call each, which take half as long as its own
 * HMAC: that makes an object for each, and asks OpenSSL for the algorithm.
 *
 * @example
 * new HmacKey('sha256', Buffer.from('a secret')).digest('a text', 'hex');
 */
export class HmacKey {
  readonly #hash: HmacHash;
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  constructor(algorithm: HmacHash, key: Uint8Array) {
    const short = key.length > blockBytes ? hash(algorithm, key, 'buffer') : key;
    const padded = (pad: number, moreBytes: number): Buffer => {
      const block = Buffer.alloc(blockBytes + moreBytes);
      for (let index = 0; index < blockBytes; index++) block[index] = pad ^ (short[index] ?? 0);
      return block;
    };
    this.#hash = algorithm;
    this.#inner = padded(0x36, 0);
    this.#outer = padded(0x5c, algorithm === 'sha1' ? 20 : 32);
  }

  /** Of a text in UTF-8; a lone surrogate is U+FFFD. */
  digest(text: string, encoding: BinaryToTextEncoding): string {
    const maxBytes = blockBytes + text.length * maxBytesPerUnit;
    const message = maxBytes > scratch.length ? Buffer.alloc(maxBytes) : scratch;
    message.set(this.#inner);
    const { written } = utf8.encodeInto(text, message.subarray(blockBytes));
    this.#outer.write(hash(this.#hash, message.subarray(0, blockBytes + written), 'binary'), blockBytes, 'latin1');
    return hash(this.#hash, this.#outer, encoding);
  }
}
