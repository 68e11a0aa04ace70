import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import QcloudApi from 'qcloudapi-sdk';
import type * as Common from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client.js';
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import {
  type Edition,
  leftUnsigned,
  readHmac,
  type Signed,
  sign,
  signature,
  signingKey,
  stringToSign,
  type Variant,
  verify,
} from '../../lib/signers/qcloud-hmac.ts';
import { qcloudHmacProof } from '../../lib/signers/qcloud-hmac-proof.ts';
import { type Params, readQuery, writeQuery } from '../../lib/wire/query.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import all from './vectors.json' with { type: 'json' };

const { AbstractClient }: typeof Common = createRequire(import.meta.url)(
  'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client.js',
);

const vectors = all.flatMap((vector) => {
  const { dialect, name, source, method, host, path, expected, secretId, secretKey, wire } = vector;
  if (dialect !== 'tencent-api2' && dialect !== 'tencent-api3-hmac') return [];
  const edition: Edition = dialect === 'tencent-api2' ? '2.0' : '3.0';
  const params: Params = new Map(Object.entries(vector.params ?? {}).map(([key, value]) => [key, String(value)]));
  const variant: Variant = name.includes('Python') ? '2.0 python' : edition;
  const signed: Signed = { method, host, path, params };
  return [
    {
      name: `${dialect}: ${name} (${source})`,
      edition,
      variant,
      signed,
      wire,
      key: { id: secretId ?? '', secret: new Secret(secretKey ?? '') },
      method: params.get('SignatureMethod') === 'HmacSHA256' ? ('HmacSHA256' as const) : ('HmacSHA1' as const),
      expected,
    },
  ];
});

const paramsOf = (text: string): Params => {
  const reading = readQuery(text);
  return 'fault' in reading ? new Map() : reading.params;
};

/** Whether what is signed proves to come from the holder of the key: its id says which secret to verify with. */
const holds = (signed: Signed, edition: Edition, key: AccessKey): boolean => {
  const reading = readHmac(signed.params, edition);
  return (
    reading.kind === 'proof' && reading.proof.accessKeyId === key.id && verify([signed], reading.proof, key.secret)
  );
};

const aPlace = { method: 'POST', host: 'host', path: '/' };
const aKey = { id: 'AKID', secret: new Secret('secret') };
const given: readonly (readonly [string, string])[] = [
  ['Action', 'AssumeRole'],
  ['SecretId', 'AKID'],
  ['Timestamp', '1700000000'],
  ['Nonce', '7'],
];

/** What the SDKs and the signer write themselves, or read a meaning into. */
const theirOwn = new Set([
  'Action',
  'Language',
  'Nonce',
  'Region',
  'RequestClient',
  'SecretId',
  'Signature',
  'SignatureMethod',
  'Timestamp',
  'Token',
  'Version',
]);

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const anySigning = fc
  .record({
    edition: fc.constantFrom<Edition>('2.0', '3.0'),
    method: fc.constantFrom('HmacSHA1' as const, 'HmacSHA256' as const),
    verb: fc.constantFrom('GET', 'POST'),
    params: fc.dictionary(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((name) => !theirOwn.has(name)),
      anyText,
      { maxKeys: 6 },
    ),
    secret: anyText,
    token: fc.option(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => !text.startsWith('@')),
    ),
    nonce: fc.maxSafeNat(),
    now: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  })
  .map(({ edition, method, verb, params, secret, token, nonce, now }) => {
    const written = writeQuery(Object.entries(params));
    const request: HttpRequest = {
      method: verb,
      scheme: 'https',
      host: 'sts.example.test',
      path: '/',
      query: verb === 'GET' ? written : '',
      headers: {},
      body: verb === 'GET' ? '' : written,
    };
    const key: AccessKey = {
      id: 'AKID',
      secret: new Secret(secret),
      ...(token === null ? {} : { token: new Secret(token) }),
    };
    return { request, key, how: { now, nonce, method, edition } };
  });

/** What a server makes of a request. */
const signedOf = ({ method, host, path, query, body }: HttpRequest): Signed => ({
  method,
  host,
  path,
  params: paramsOf(method === 'GET' ? query : body),
});

/** The text with each character in turn made another one. */
const spoiled = (text: string): readonly string[] =>
  Array.from(
    { length: text.length },
    (_, at) => `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`,
  );

/** With one character of what the signature covers changed, one mutant for each. */
const mutantsOf = (signed: Signed, edition: Edition): readonly Signed[] => {
  const { method, params } = signed;
  const withParam = (name: string, value: string, was = name): Signed => {
    const rest = [...params].filter(([key]) => key !== was);
    return { ...signed, params: new Map([...rest, [name, value]]) };
  };
  const covered = [...params].filter(([, value]) => edition === '3.0' || !leftUnsigned(method, value));
  return [
    { ...signed, method: method === 'GET' ? 'POST' : 'GET' },
    ...spoiled(signed.host).map((host) => ({ ...signed, host })),
    ...spoiled(signed.path).map((path) => ({ ...signed, path })),
    ...covered.flatMap(([name, value]) => [...spoiled(value), `${value}x`].map((text) => withParam(name, text))),
    ...covered
      .filter(([name]) => name !== 'Signature')
      .flatMap(([name, value]) => [...spoiled(name), `${name}x`].map((other) => withParam(other, value, name))),
    withParam('added', 'x'),
    ...covered.map(([name]) => ({ ...signed, params: new Map([...params].filter(([key]) => key !== name)) })),
  ];
};

describe('HmacSHA1 and HmacSHA256 over parameters', () => {
  it('are held against every vector there is', () => {
    expect(vectors).toHaveLength(18);
  });

  describe.each(vectors)('$name', ({ edition, variant, signed, key, method, expected }) => {
    const whole: Signed = { ...signed, params: new Map([...signed.params, ['Signature', expected.signature]]) };

    it('has this string to sign', () => {
      expect(stringToSign(signed, variant)).toBe(expected.stringToSign);
    });

    it('has this signature', () => {
      expect(signature(key.secret, method, expected.stringToSign)).toBe(expected.signature);
    });

    it('is verified', () => {
      expect(holds(whole, edition, key)).toBe(true);
    });

    it('is refused with any one character of what is signed changed', () => {
      const accepted = mutantsOf(whole, edition).filter((mutant) => holds(mutant, edition, key));
      expect(accepted).toEqual([]);
    });

    it('is refused with another secret', () => {
      expect(holds(whole, edition, { ...key, secret: new Secret('another') })).toBe(false);
    });
  });

  it.each(vectors.flatMap((vector) => (vector.wire === undefined ? [] : [{ ...vector, wire: vector.wire }])))(
    'verify as it travels, decoded once: $name',
    ({ signed, wire, edition, key }) => {
      expect(holds({ ...signed, params: paramsOf(wire) }, edition, key)).toBe(true);
    },
  );

  it.each(vectors.filter(({ signed }) => signed.params.has('SignatureMethod')))(
    'sign so: $name',
    ({ signed, key, method, edition, expected }) => {
      const added = ['SecretId', 'Timestamp', 'Nonce', 'SignatureMethod', 'Token', 'Signature'];
      const token = signed.params.get('Token');
      const written = writeQuery([...signed.params].filter(([name]) => !added.includes(name)));
      const inQuery = signed.method === 'GET';
      const request = sign(
        { ...signed, scheme: 'https', query: inQuery ? written : '', headers: {}, body: inQuery ? '' : written },
        token === undefined ? key : { ...key, token: new Secret(token) },
        {
          now: new Date(Number(signed.params.get('Timestamp')) * 1000),
          nonce: Number(signed.params.get('Nonce')),
          method,
          edition,
        },
      );
      expect(paramsOf(inQuery ? request.query : request.body).get('Signature')).toBe(expected.signature);
    },
  );

  it('takes both orders in which the SDKs of 2.0 put keys with underscores', () => {
    const named = vectors.filter(({ name }) => name.includes('key order when keys contain underscores'));
    expect(new Set(named.map(({ expected }) => expected.signature)).size).toBe(2);
    expect(
      named.map(({ signed, edition, key, expected }) =>
        holds({ ...signed, params: new Map([...signed.params, ['Signature', expected.signature]]) }, edition, key),
      ),
    ).toEqual([true, true]);
  });

  it('leaves an underscore that begins a key alone, except as Python does', () => {
    const params = new Map([['_a_b', '_c_']]);
    expect(stringToSign({ ...aPlace, params }, '2.0')).toBe('POSThost/?_a_b=_c_');
    expect(stringToSign({ ...aPlace, params }, '2.0 python')).toBe('POSThost/?.a.b=_c_');
  });

  it('replaces no underscore in 3.0', () => {
    expect(stringToSign({ ...aPlace, params: new Map([['a_b', '1']]) }, '3.0')).toBe('POSThost/?a_b=1');
  });

  it('leaves a value that begins with @ out of a POST of 2.0, and of nothing else', () => {
    const params = new Map([['a', '@1']]);
    expect(stringToSign({ ...aPlace, params }, '2.0')).toBe('POSThost/?');
    expect(stringToSign({ ...aPlace, params }, '2.0 python')).toBe('POSThost/?');
    expect(stringToSign({ ...aPlace, method: 'GET', params }, '2.0')).toBe('GEThost/?a=@1');
    expect(stringToSign({ ...aPlace, params }, '3.0')).toBe('POSThost/?a=@1');
  });

  it('takes empty values of 3.0 signed, as Node does, or sent unsigned, as Go does', () => {
    const params = new Map([...given, ['Empty', '']]);
    const made = (variant: Variant) =>
      new Map([
        ...params,
        ['Signature', signature(aKey.secret, 'HmacSHA1', stringToSign({ ...aPlace, params }, variant))],
      ]);
    expect(stringToSign({ ...aPlace, params }, '3.0 go')).not.toContain('Empty');
    expect(holds({ ...aPlace, params: made('3.0') }, '3.0', aKey)).toBe(true);
    expect(holds({ ...aPlace, params: made('3.0 go') }, '3.0', aKey)).toBe(true);
    expect(holds({ ...aPlace, params: made('3.0 go') }, '2.0', aKey)).toBe(false);
  });

  it.each([
    [undefined, '2.0', 'HmacSHA1'],
    ['HmacSHA1', '2.0', 'HmacSHA1'],
    ['HmacSHA256', '2.0', 'HmacSHA256'],
    ['HmacMD5', '2.0', 'HmacSHA1'],
    [undefined, '3.0', 'HmacSHA1'],
    ['', '3.0', 'HmacSHA1'],
    ['HmacSHA256', '3.0', 'HmacSHA256'],
  ] as const)('takes the SignatureMethod %s of %s for %s', (said, edition, meant) => {
    const params = new Map([
      ...given,
      ['Signature', 's'],
      ...(said === undefined ? [] : [['SignatureMethod', said] as const]),
    ]);
    expect(readHmac(params, edition)).toMatchObject({ kind: 'proof', proof: { method: meant } });
  });

  it('knows no other SignatureMethod in 3.0', () => {
    const params = new Map([...given, ['Signature', 's'], ['SignatureMethod', 'HmacMD5']]);
    expect(readHmac(params, '3.0')).toEqual({ kind: 'malformed', parameter: 'SignatureMethod' });
  });

  it.each(['SecretId', 'Signature', 'Timestamp', 'Nonce'])('says that %s is missing where it is', (name) => {
    const params = new Map([...given, ['Signature', 's']]);
    params.delete(name);
    expect(readHmac(params, '3.0')).toEqual({ kind: 'missing', parameter: name });
    expect(readHmac(new Map([...params, [name, '']]), '3.0')).toEqual({ kind: 'missing', parameter: name });
  });

  it.each([
    ['Timestamp', '1.7e9'],
    ['Timestamp', '-1'],
    ['Timestamp', '17000000000'],
    ['Nonce', '1&Policy=x'],
    ['Nonce', '-1'],
    ['Nonce', 'abc'],
    ['Nonce', '1'.repeat(21)],
  ])('says that %s is malformed where it is %s', (name, value) => {
    expect(readHmac(new Map([...given, ['Signature', 's'], [name, value]]), '2.0')).toEqual({
      kind: 'malformed',
      parameter: name,
    });
  });

  it('finds no proof where there is neither a key nor a signature', () => {
    expect(
      readHmac(
        new Map([
          ['Action', 'AssumeRole'],
          ['Timestamp', '1'],
        ]),
        '3.0',
      ),
    ).toEqual({ kind: 'none' });
  });

  it('takes an empty token for none', () => {
    const params = new Map([...given, ['Signature', 's'], ['Token', '']]);
    expect(readHmac(params, '3.0')).not.toHaveProperty('proof.sessionToken');
  });

  it('puts few names and many into the same order', () => {
    for (const count of [1, 2, 31, 32, 33, 100]) {
      const names = Array.from({ length: count }, (_, index) => `N${(index * 37) % 101}`);
      const params = new Map(names.map((name) => [name, 'x']));
      const expected = [...names].sort().map((name) => `${name}=x`);
      expect(stringToSign({ method: 'GET', host: 'h', path: '/', params }, '3.0')).toBe(`GETh/?${expected.join('&')}`);
    }
  });

  it('signs by each method with a key of its own, though the secret is one', () => {
    const secret = new Secret('secret');
    const made = (['HmacSHA1', 'HmacSHA256', 'HmacSHA1'] as const).map((method) => signature(secret, method, 'text'));
    const expected = ['sha1', 'sha256', 'sha1'].map((name) =>
      createHmac(name, 'secret').update('text').digest('base64'),
    );
    expect(made).toEqual(expected);
  });

  it('leaves out a parameter without a name, which no reader has', () => {
    const params = new Map([
      ['', 'x'],
      ['Action', 'y'],
    ]);
    for (const variant of ['2.0', '2.0 python', '3.0', '3.0 go'] as const) {
      expect(stringToSign({ method: 'GET', host: 'h', path: '/', params }, variant)).toBe('GETh/?Action=y');
    }
  });

  it('signs with the secret as it is', () => {
    const made = createHmac('sha256', 'sécret').update('text').digest('base64');
    expect(signature(new Secret('sécret'), 'HmacSHA256', 'text')).toBe(made);
    expect(signingKey(aKey.secret, 'HmacSHA1')).toBe(signingKey(aKey.secret, 'HmacSHA1'));
  });

  it('verifies whatever it signs, as it travels', () => {
    fc.assert(
      fc.property(anySigning, ({ request, key, how }) => {
        const signed = sign(request, key, how);
        return holds(signedOf(signed), how.edition, key);
      }),
    );
  });

  it('refuses whatever was changed after signing', () => {
    fc.assert(
      fc.property(anySigning, fc.nat(), ({ request, key, how }, at) => {
        const mutants = mutantsOf(signedOf(sign(request, key, how)), how.edition);
        const mutant = mutants[at % mutants.length];
        return mutant !== undefined && !holds(mutant, how.edition, key);
      }),
    );
  });

  it("signs like the vendor's SDK of 2.0", () => {
    const names = fc.stringMatching(/^[A-Za-z_][A-Za-z_]{0,12}$/).filter((name) => !theirOwn.has(name));
    fc.assert(
      fc.property(
        fc.dictionary(names, anyText),
        fc.constantFrom('GET', 'POST'),
        fc.constantFrom('sha1', 'sha256'),
        anyText,
        (data, method, signatureMethod, secret) => {
          const sdk = new QcloudApi({ SecretId: 'AKID', SecretKey: secret, Region: 'gz', serviceType: 'sts' });
          const settings = {
            host: 'sts.example.test',
            path: '/v2/index.php',
            method,
            signatureMethod,
            SecretKey: secret,
          } as const;
          const params = paramsOf(sdk.generateQueryString(data, settings));
          const signed: Signed = { method, host: 'sts.example.test', path: '/v2/index.php', params };
          const ours = signature(
            new Secret(secret),
            signatureMethod === 'sha256' ? 'HmacSHA256' : 'HmacSHA1',
            stringToSign(signed, '2.0'),
          );
          expect(ours).toBe(params.get('Signature'));
          expect(holds(signed, '2.0', { id: 'AKID', secret: new Secret(secret) })).toBe(true);
        },
      ),
    );
  });

  it("signs like the vendor's SDK of 3.0", async () => {
    const names = fc.stringMatching(/^[A-Za-z_.][A-Za-z0-9_.]{0,12}$/).filter((name) => !theirOwn.has(name));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(names, anyText),
        fc.constantFrom('GET', 'POST'),
        fc.constantFrom('HmacSHA1', 'HmacSHA256'),
        anyText,
        fc.option(fc.stringMatching(/^[A-Za-z0-9]{1,20}$/)),
        async (data, reqMethod, signMethod, secretKey, token) => {
          const sdk = new AbstractClient('sts.example.test:8443', '2018-08-13', {
            credential: { secretId: 'AKID', secretKey, ...(token === null ? {} : { token }) },
            region: 'ap-guangzhou',
            profile: { signMethod, httpProfile: { reqMethod } },
          }) as unknown as { formatRequestData(action: string, data: object): Promise<Record<string, unknown>> };
          const sent = Object.entries(await sdk.formatRequestData('AssumeRole', { ...data }));
          const params: Params = new Map(sent.map(([name, value]) => [name, String(value)]));
          const signed: Signed = { method: reqMethod, host: 'sts.example.test:8443', path: '/', params };
          expect(signature(new Secret(secretKey), signMethod, stringToSign(signed, '3.0'))).toBe(
            params.get('Signature'),
          );
          expect(holds(signed, '3.0', { id: 'AKID', secret: new Secret(secretKey) })).toBe(true);
        },
      ),
    );
  });
});

describe('the proof of signed parameters', () => {
  const method = 'POST';
  const here = { host: 'host', path: '/' };
  const signed = sign(
    { ...aPlace, scheme: 'https', query: '', headers: {}, body: 'Action=AssumeRole' },
    { ...aKey, token: new Secret('T') },
    { now: new Date(1_700_000_000_000), nonce: 7, method: 'HmacSHA256', edition: '3.0' },
  );
  const params = paramsOf(signed.body);
  const proof = () => {
    const made = qcloudHmacProof({ method, params }, '3.0', [here]);
    if (made.kind !== 'signature') throw new Error('There is no proof.');
    return made;
  };

  it('counts five minutes either way, once', () => {
    expect(proof().valid).toEqual({ from: new Date(1_699_999_700_000), until: new Date(1_700_000_300_000) });
    expect(proof().uniqueSignature).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it('carries the token of a temporary triad, and none of another', () => {
    expect(proof()).toMatchObject({ kind: 'signature', scheme: 'qcloud-hmac', accessKeyId: aKey.id });
    expect(proof().sessionToken?.reveal()).toBe('T');
    const plain = qcloudHmacProof({ method, params: new Map([...params, ['Token', '']]) }, '3.0', [here]);
    expect(plain).not.toHaveProperty('sessionToken');
    expect(qcloudHmacProof({ method, params: new Map() }, '3.0', [here])).toEqual({ kind: 'none' });
  });

  it('counts under any of the names of this server, and no other', () => {
    const under = (...hosts: string[]) =>
      qcloudHmacProof(
        { method, params },
        '3.0',
        hosts.map((host) => ({ ...here, host })),
      );
    expect(
      [under('host'), under('other', 'host'), under('other')].map(
        (made) => made.kind === 'signature' && made.verify(aKey.secret),
      ),
    ).toEqual([true, true, false]);
  });

  it('is an error of its kind where it cannot be read', () => {
    const without = (name: string, value: string) => () =>
      qcloudHmacProof({ method, params: new Map([...params, [name, value]]) }, '3.0', [here]);
    const refusal = (act: () => unknown) => {
      const { code, message, detail } = expectRefusal(act);
      return [code, message, detail];
    };
    expect(refusal(without('Signature', ''))).toEqual([
      'MissingParameter',
      'Signature is missing.',
      { parameter: 'Signature' },
    ]);
    expect(refusal(without('Nonce', 'x'))).toEqual([
      'InvalidParameter',
      'Parameter `Nonce` type error.',
      { parameter: 'Nonce' },
    ]);
  });
});
