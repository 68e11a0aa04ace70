import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/core/secret.ts';
import { keyring } from '../../../lib/stores/seal/keyring.ts';
import { open, seal } from '../../../lib/stores/seal/seal.ts';

const material = (letter: string): Secret => new Secret(letter.repeat(32));
const ring = keyring(material('a'));
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('a seal', () => {
  it('gives back any value, in the place it was closed for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'grapheme' }), (value, place) => {
        expect(open(ring, place, seal(ring, place, value))?.value).toEqual(Buffer.from(value));
      }),
    );
  });

  it('opens nowhere else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (place, elsewhere) => {
        fc.pre(place !== elsewhere);
        expect(open(ring, elsewhere, seal(ring, place, bytes('value')))).toBeUndefined();
      }),
    );
  });

  it('refuses a value of which any bit was touched', () => {
    const sealed = Buffer.from(seal(ring, 'here', bytes('a value')), 'base64url');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const touched = Buffer.from(sealed);
        touched[bit >> 3] = (touched[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(open(ring, 'here', touched.toString('base64url'))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a value that was cut or lengthened anywhere', () => {
    const sealed = Buffer.from(seal(ring, 'here', bytes('a value')), 'base64url');
    for (let length = 0; length < sealed.length; length++) {
      expect(open(ring, 'here', sealed.subarray(0, length).toString('base64url'))).toBeUndefined();
    }
    expect(open(ring, 'here', Buffer.concat([sealed, Buffer.of(0)]).toString('base64url'))).toBeUndefined();
  });

  it('has one spelling only', () => {
    // 49 bytes leave four unused bits in the last character, and any of 16 characters would decode alike.
    const sealed = seal(ring, 'here', Buffer.alloc(0));
    expect(Buffer.from(sealed, 'base64url')).toHaveLength(49);
    const others = [
      `${sealed}=`,
      `${sealed}\n`,
      ` ${sealed}`,
      `${sealed}.`,
      ...['A', 'B', 'Q', 'R', 'g', 'h', 'w', 'x']
        .map((last) => sealed.slice(0, -1) + last)
        .filter((one) => one !== sealed),
    ];
    expect(open(ring, 'here', sealed)).toBeDefined();
    for (const other of others) expect(open(ring, 'here', other)).toBeUndefined();
  });

  it('refuses the other alphabet of base64', () => {
    // Almost every text of this length holds a - or _ in one of a few tries.
    const sealed = Array.from({ length: 40 }, () => seal(ring, 'here', bytes('value'))).find((one) => /[-_]/.test(one));
    const spelled = (sealed ?? '').replaceAll('-', '+').replaceAll('_', '/');
    expect(Buffer.from(spelled, 'base64url')).toEqual(Buffer.from(sealed ?? '', 'base64url'));
    expect(open(ring, 'here', spelled)).toBeUndefined();
  });

  it('refuses whatever text it is given, without a word', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => open(ring, 'here', text) === undefined));
  });

  it('closes the same value differently each time', () => {
    const sealed = new Set(Array.from({ length: 100 }, () => seal(ring, 'here', bytes('value'))));
    expect(sealed.size).toBe(100);
  });
});

describe('a ring', () => {
  const old = keyring(material('a'));
  const overlap = keyring(material('b'), material('a'));
  const fresh = keyring(material('b'));

  it('opens what its older keys closed, and says by which', () => {
    const opened = open(overlap, 'here', seal(old, 'here', bytes('value')));
    expect(opened?.value.toString()).toBe('value');
    expect(opened?.key.kid).toBe(old.current.kid);
  });

  it('closes with its first key', () => {
    const sealed = seal(overlap, 'here', bytes('value'));
    expect(open(fresh, 'here', sealed)?.key.kid).toBe(fresh.current.kid);
    expect(open(old, 'here', sealed)).toBeUndefined();
  });

  it('opens nothing of a key that it has let go', () => {
    expect(open(fresh, 'here', seal(old, 'here', bytes('value')))).toBeUndefined();
  });

  it('names its keys the same on every instance, and tells nothing else of them', () => {
    expect(keyring(material('a')).current.kid).toBe(old.current.kid);
    expect(keyring(material('b')).current.kid).not.toBe(old.current.kid);
    expect(old.current.kid).toMatch(/^[0-9a-f]{8}$/);
  });

  it('keeps its separate keys apart', () => {
    expect(old.current.sealing.equals(old.current.binding)).toBe(false);
  });
});

describe('a ring', () => {
  const rings = () => ({
    old: keyring(material('a')),
    both: keyring(material('b'), material('a')),
    young: keyring(material('b')),
  });

  it('opens what any of its keys sealed, seals with its first, and says which key it was', () => {
    const { old, both, young } = rings();
    const before = seal(old, 'here', bytes('before'));
    expect(open(both, 'here', before)).toEqual({ value: bytes('before'), key: old.current });
    const after = seal(both, 'here', bytes('after'));
    expect(open(young, 'here', after)?.value).toEqual(bytes('after'));
    expect(open(old, 'here', after)).toBeUndefined();
    expect(open(young, 'here', before)).toBeUndefined();
  });

  it('derives a key of its own for each purpose', () => {
    const { sealing, binding, naming } = rings().old.current;
    expect(new Set([sealing, binding, naming].map((key) => key.export().toString('hex'))).size).toBe(3);
  });

  it('goes on opening and naming what an earlier version of this program sealed and named', () => {
    const { current } = rings().old;
    const sealed = 'AVRF053-HRWmXcCM_ENLpxhnh6Eaw8657ZoFEmgSygNH-jfC6NFy4yT0SxXtayB1lNWSdI6STbs';
    expect(open(rings().old, 'here', sealed)?.value.toString()).toBe('a value');
    expect(current.kid).toBe('5445d39d');
    expect(current.naming.export().toString('hex')).toBe(
      '0f11decf7afce402edf9852925408b64ab008cfa483fd7a807804f904f2e4f95',
    );
    expect(current.binding.export().toString('hex')).toBe(
      '069c6204271a1ccc5c20e0a568b92cd2a34d104faee1cff1ae3447b2c807ff29',
    );
  });
});
