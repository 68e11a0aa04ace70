import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { type SignedParams, sign, signature, signedText, verify } from '../../lib/signers/ucloud-sha1.ts';
import { type ExactJson, readExactJson } from '../../lib/wire/exact-json.ts';
import { readQuery, writeQuery } from '../../lib/wire/query.ts';
import { vectorsOf } from '../support/vectors.ts';

/** Parameters as a server reads them off a JSON body. */
const received = (params: unknown): SignedParams => readExactJson(JSON.stringify(params)) as SignedParams;

describe.each(vectorsOf('ucloud').map((vector) => ({ name: vector.name, vector })))(
  'the signature of: $name',
  ({ vector }) => {
    const secret = new Secret(vector.secretKey);
    const params = received(vector.params);
    const { expected } = vector;

    it('has its text, with the private key behind it', () => {
      expect(signedText(params) + vector.secretKey).toBe(expected.stringToSign);
    });

    it('has its signature', () => {
      expect(signature(signedText(params), secret)).toBe(expected.signature);
    });

    it('is what we make of the bare parameters', () => {
      const { PublicKey: _, SecurityToken: token, ...bare } = params;
      const key = {
        id: vector.secretId,
        secret,
        ...(typeof token === 'string' ? { token: new Secret(token) } : {}),
      };
      expect(sign(bare, key)).toEqual({ ...params, Signature: expected.signature });
    });

    it('is believed as it comes, and with no other key', () => {
      const signed = { ...params, Signature: expected.signature };
      expect(verify(signed, secret)).toBe(true);
      expect(verify(signed, new Secret(`${vector.secretKey}1`))).toBe(false);
      expect(verify({ ...signed, Action: 'Other' }, secret)).toBe(false);
    });
  },
);

describe('what is signed', () => {
  it('is names and values in one run, by the bytes of the names', () => {
    expect(signedText({ b: '2', a: '1', B: '3', '10': '4', '9': '5' })).toBe('10495B3a1b2');
    expect(signedText({ 'L.10': 'x', 'L.2': 'y', 'L.1': 'z' })).toBe('L.1zL.10xL.2y');
  });

  it('sorts beyond the sixteen-bit characters by UTF-8 too', () => {
    // U+FF5E is three bytes that begin with EF, U+1F600 four that begin with F0; in UTF-16 they sort the other way.
    expect(signedText({ '😀': '1', '～': '2' })).toBe('～2😀1');
  });

  it('has the name of an empty value, and not that of one that is null', () => {
    expect(signedText({ a: '', b: null, c: '1' })).toBe('ac1');
  });

  it('has lists without indices and objects by their sorted names, however deep', () => {
    expect(signedText({ L: ['b', 'a', ['d', null, true]], O: { z: '1', a: { c: false } } })).toBe('LbadtrueOacfalsez1');
  });

  it('is the same for a number and for its text', () => {
    expect(signedText(received({ a: 3600, b: 1e21 }))).toBe(
      signedText(received({ a: '3600', b: '1000000000000000000000' })),
    );
  });

  it('knows no separator, which is why a server refuses names that it does not know', () => {
    expect(signedText({ ab: 'c' })).toBe(signedText({ a: 'bc' }));
  });
});

const text = fc.string({ unit: 'binary', maxLength: 20 });
const anything: fc.Arbitrary<ExactJson> = fc.letrec<{ value: ExactJson }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const reserved = ['PublicKey', 'SecurityToken', 'Signature'];
const paramsOf = (value: fc.Arbitrary<ExactJson>): fc.Arbitrary<SignedParams> =>
  fc.dictionary(
    text.filter((name) => !reserved.includes(name)),
    value,
    { maxKeys: 6 },
  );
const keys = fc.record({ id: text, secret: text, token: fc.option(text) }).map(({ id, secret, token }) => ({
  id,
  secret: new Secret(secret),
  ...(token === null ? {} : { token: new Secret(token) }),
}));

describe('a signature of ours', () => {
  it('is believed for every JSON body, after the body has travelled', () => {
    fc.assert(
      fc.property(paramsOf(anything), keys, (params, key) => {
        const signed = received(sign(params, key));
        expect(verify(signed, key.secret)).toBe(true);
        expect(verify(signed, new Secret(`${key.secret.reveal()}x`))).toBe(false);
      }),
    );
  });

  it('is believed for every form, after the form has travelled', () => {
    fc.assert(
      fc.property(paramsOf(text), keys, (params, key) => {
        const form = readQuery(writeQuery(Object.entries(sign(params, key)) as [string, string][]));
        expect('params' in form && verify(Object.fromEntries(form.params), key.secret)).toBe(true);
      }),
    );
  });

  it('does not survive a change of any value', () => {
    fc.assert(
      fc.property(paramsOf(text), keys, fc.nat(), text, (params, key, nth, other) => {
        const signed: SignedParams = sign(params, key);
        const names = Object.keys(signed);
        const name = names[nth % names.length] ?? '';
        fc.pre(signed[name] !== other);
        expect(verify({ ...signed, [name]: other }, key.secret)).toBe(false);
      }),
    );
  });

  it.each([undefined, null, '', true, ['a'], 'a'.repeat(39)])('is not %j', (claimed) => {
    const signed = sign({ Action: 'AssumeRole' }, { id: 'id', secret: new Secret('secret') });
    const { Signature: _, ...bare } = signed;
    expect(verify(signed, new Secret('secret'))).toBe(true);
    expect(verify({ ...bare, ...(claimed === undefined ? {} : { Signature: claimed }) }, new Secret('secret'))).toBe(
      false,
    );
  });

  it('is in lower case, and in no other', () => {
    const signed = sign({ Action: 'AssumeRole' }, { id: 'id', secret: new Secret('secret') });
    expect(signed.Signature).toMatch(/^[0-9a-f]{40}$/);
    expect(verify({ ...signed, Signature: signed.Signature.toUpperCase() }, new Secret('secret'))).toBe(false);
  });
});
