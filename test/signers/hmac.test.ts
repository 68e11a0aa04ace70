import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HmacKey } from '../../lib/signers/hmac.ts';

const algorithms = ['sha1', 'sha256'] as const;

describe('HMAC', () => {
  // RFC 2202, 3, and RFC 4231, 4: a short key, a key of a block and more, and a text longer than a block.
  it.each([
    ['sha1', Buffer.alloc(20, 0x0b), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
    ['sha1', Buffer.from('Jefe'), 'what do ya want for nothing?', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    [
      'sha1',
      Buffer.alloc(80, 0xaa),
      'Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data',
      'e8e99d0f45237d786d6bbaa7965c7808bbff1a91',
    ],
    ['sha256', Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      'sha256',
      Buffer.alloc(131, 0xaa),
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
      '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
    ],
  ] as const)('is what the RFC has for %s', (algorithm, key, text, expected) => {
    expect(new HmacKey(algorithm, key).digest(text, 'hex')).toBe(expected);
  });

  it("is that of Node's own, of keys and texts of every length, whatever their characters", () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('a', 'é', '中', '😀', '\ud800', '\udc00') }),
      // More than the memory that is shared.
      fc.string({ unit: fc.constantFrom('a', '中'), minLength: 5_400, maxLength: 22_000 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...algorithms),
        fc.uint8Array({ maxLength: 200 }),
        text,
        fc.constantFrom('hex', 'base64', 'base64url'),
        (algorithm, key, signed, encoding) => {
          const theirs = createHmac(algorithm, key).update(signed).digest(encoding);
          expect(new HmacKey(algorithm, key).digest(signed, encoding)).toBe(theirs);
        },
      ),
    );
  });

  it.each([63, 64, 65])('takes a key of %i bytes, about the length of a block', (length) => {
    const key = Buffer.alloc(length, 'k');
    for (const algorithm of algorithms) {
      expect(new HmacKey(algorithm, key).digest('text', 'hex')).toBe(
        createHmac(algorithm, key).update('text').digest('hex'),
      );
    }
  });

  it('is the same each time, with other keys and longer texts in between', () => {
    const [key, other] = [new HmacKey('sha256', Buffer.from('one')), new HmacKey('sha1', Buffer.from('other'))];
    const first = key.digest('text', 'hex');
    other.digest('a much longer text '.repeat(2_000), 'hex');
    other.digest('longer than the first', 'hex');
    expect(key.digest('text', 'hex')).toBe(first);
  });

  it('keeps its key even from what prints it', () => {
    const key = new HmacKey('sha256', Buffer.from('a secret'));
    expect(JSON.stringify(key)).toBe('{}');
    expect(inspect(key, { showHidden: true, depth: 9 })).toBe('HmacKey {}');
  });
});
