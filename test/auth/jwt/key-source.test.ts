import { describe, expect, it } from 'vitest';
import { keySet, publicKeys } from '../../../lib/auth/jwt/key-set.ts';
import { fetchedKeys } from '../../../lib/auth/jwt/key-source.ts';
import { at, internet, issuer, newKey, now, proving, ruleOf, tokenOf } from '../../support/token-issuer.ts';

const jwksUrl = `${issuer}/keys`;
const rule = ruleOf([newKey()], { keys: { kind: 'at', url: jwksUrl, privateAddresses: [] } });
const published = (...keys: readonly { readonly jwk: object }[]) => ({ keys: keys.map(({ jwk }) => jwk) });

/** An issuer whose keys are fetched, and who can be cut off. */
const remote = (...keys: readonly ReturnType<typeof newKey>[]) => {
  const deps = internet({ [jwksUrl]: published(...keys) });
  const rules = [rule, { ...rule, caller: 'ci' }];
  return {
    prove: proving(rules, { documents: deps.fetch }),
    fetches: () => deps.asked.length,
    publish: (...next: readonly ReturnType<typeof newKey>[]) => {
      deps.documents[jwksUrl] = published(...next);
    },
    cutOff: () => {
      delete deps.documents[jwksUrl];
    },
  };
};

describe("an issuer's keys", () => {
  it('are fetched when they are first wanted, once for all who wait, and by all rules of the issuer', async () => {
    const key = newKey();
    const { prove, fetches } = remote(key);
    expect(fetches()).toBe(0);
    const answers = await Promise.all(Array.from({ length: 20 }, () => prove(tokenOf(key))));
    expect(answers.every((answer) => 'name' in answer)).toBe(true);
    expect(fetches()).toBe(1);
  });

  it('are kept for ten minutes, whatever becomes of the issuer', async () => {
    const key = newKey();
    const { prove, fetches, cutOff } = remote(key);
    await prove(tokenOf(key));
    cutOff();
    expect(await prove(tokenOf(key), at(599))).toMatchObject({ name: 'ci' });
    expect(fetches()).toBe(1);
  });

  it('count for an hour while the issuer does not answer, and no longer', async () => {
    const key = newKey();
    const { prove, cutOff } = remote(key);
    const token = tokenOf(key, { exp: now.getTime() / 1000 + 86_400 });
    await prove(token);
    cutOff();
    expect(await prove(token, at(3599))).toMatchObject({ name: 'ci' });
    expect(await prove(token, at(3600 + 14))).toMatchObject({
      refused: 'CloudUnavailable',
      fault: 'KeySetUnreachable',
    });
    expect(await prove(token, at(3600 + 15))).toMatchObject({
      refused: 'CloudUnavailable',
      fault: 'KeySetUnreachable',
    });
  });

  it('are asked for again at most every fifteen seconds while the issuer does not answer', async () => {
    const key = newKey();
    const { prove, fetches, publish, cutOff } = remote(key);
    cutOff();
    for (const seconds of [0, 1, 14]) {
      expect(await prove(tokenOf(key), at(seconds))).toMatchObject({ refused: 'CloudUnavailable' });
    }
    expect(fetches()).toBe(1);
    publish(key);
    expect(await prove(tokenOf(key), at(15))).toMatchObject({ name: 'ci' });
  });

  it('are fetched anew for a token that names one that is not known', async () => {
    const [old, young] = [newKey(), newKey()];
    const { prove, fetches, publish } = remote(old);
    await prove(tokenOf(old));
    publish(old, young);
    expect(await prove(tokenOf(young), at(1))).toMatchObject({ name: 'ci' });
    expect(await prove(tokenOf(old), at(2))).toMatchObject({ name: 'ci' });
    expect(fetches()).toBe(2);
  });

  it('are not fetched more than four times a minute for tokens that name what nobody knows', async () => {
    const key = newKey();
    const { prove, fetches } = remote(key);
    for (let count = 0; count < 50; count++) {
      expect(await prove(tokenOf(newKey()), at(count))).toMatchObject({ fault: 'SigningKeyUnknown' });
    }
    expect(fetches()).toBe(4);
    expect(await prove(tokenOf(key), at(51))).toMatchObject({ name: 'ci' });
    await prove(tokenOf(newKey()), at(61));
    expect(fetches()).toBe(5);
  });

  it('that were taken back end what they had proven, at the next fetch', async () => {
    const [stolen, next] = [newKey(), newKey()];
    const { prove, publish } = remote(stolen);
    const token = tokenOf(stolen, { exp: now.getTime() / 1000 + 86_400 });
    expect(await prove(token)).toMatchObject({ name: 'ci' });
    publish(next);
    expect(await prove(token, at(601))).toMatchObject({ fault: 'SigningKeyUnknown' });
  });

  it.each([
    ['no JSON', 'nothing'],
    ['no set', { keys: 'none' }],
    ['an empty set', { keys: [] }],
    ['a set of secrets', { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }],
    ['a set of private keys', { keys: [newKey().privateKey.export({ format: 'jwk' })] }],
    ['more keys than anybody has', { keys: Array.from({ length: 101 }, () => newKey('EdDSA').jwk) }],
  ])('are not %s', async (_, document) => {
    const key = newKey();
    const deps = internet({ [jwksUrl]: document });
    expect(await proving([rule], { documents: deps.fetch })(tokenOf(key))).toEqual({
      refused: 'Misconfigured',
      fault: 'KeySetRefused',
      message: 'What an issuer publishes as its keys is not a set of public keys.',
    });
  });

  it('are not fetched anew for a token that one of them has not signed', async () => {
    const key = newKey();
    const { prove, fetches } = remote(key);
    const forged = tokenOf(newKey(), {}, { kid: key.jwk.kid });
    for (const seconds of [0, 1]) expect(await prove(forged, at(seconds))).toMatchObject({ fault: 'TokenForged' });
    expect(fetches()).toBe(1);
  });
});

describe('a set of keys', () => {
  it('may begin with a byte order mark', async () => {
    const key = newKey();
    const deps = internet({ [jwksUrl]: `\ufeff${JSON.stringify({ keys: [key.jwk] })}` });
    expect(await proving([rule], { documents: deps.fetch })(tokenOf(key))).toMatchObject({ name: 'ci' });
  });

  it.each(['RS256', 'ES256', 'EdDSA'] as const)(
    'of %s is one of public keys, without what is secret of them',
    (alg) => {
      const { jwk, privateKey } = newKey(alg);
      expect(publicKeys({ keys: [jwk] })).toEqual({ keys: [jwk] });
      expect(publicKeys({ keys: [jwk, { ...privateKey.export({ format: 'jwk' }), kid: 'secret' }] })).toEqual({
        keys: [jwk],
      });
    },
  );

  it('may have any number of keys of other kinds, which are left out before the others are counted', () => {
    const key = newKey();
    const others = Array.from({ length: 200 }, (_, index) => [
      { kty: 'oct', k: 'c2VjcmV0' },
      { ...newKey('EdDSA').jwk, use: 'enc', kid: `${index}` },
    ]).flat();
    expect(publicKeys({ keys: [...others, key.jwk] })?.keys).toHaveLength(1);
    expect(publicKeys({ keys: Array.from({ length: 100 }, () => key.jwk) })?.keys).toHaveLength(100);
    expect(publicKeys({ keys: Array.from({ length: 101 }, () => key.jwk) })).toBeUndefined();
  });

  it.each([
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ] as const)(
    'verifies a token by %s with a key that says %s, whatever the issuer is pinned to',
    async (alg, named) => {
      // RFC 9864, 2.2: Ed25519 is EdDSA with the curve in its name.
      const key = newKey(alg);
      for (const pinned of ['EdDSA', 'Ed25519'] as const) {
        const deps = internet({ [jwksUrl]: { keys: [{ ...key.jwk, alg: named }] } });
        const prove = proving([{ ...rule, algorithms: [pinned] }], { documents: deps.fetch });
        expect(await prove(tokenOf(key))).toMatchObject({ name: 'ci' });
        expect(await prove(tokenOf(newKey(alg)))).toHaveProperty('refused');
      }
    },
  );
});

describe('a key set', () => {
  it('checks a token once, and remembers it by its digest', async () => {
    const key = newKey();
    const set = keySet({ keys: [key.jwk] });
    const token = tokenOf(key);
    await expect(set.verify(`${token}x`, 'digest', 'ES256')).rejects.toMatchObject({ code: 'InvalidIdentityToken' });
    await set.verify(token, 'digest', 'ES256');
    // Were it looked at again, this would be refused.
    await set.verify('nothing', 'digest', 'ES256');
    await expect(set.verify('nothing', 'digest', 'ES384')).rejects.toMatchObject({ code: 'InvalidIdentityToken' });
    await expect(set.verify('nothing', 'another', 'ES256')).rejects.toMatchObject({ code: 'InvalidIdentityToken' });
  });

  it('checks by the algorithm that it is told, whatever the token names', async () => {
    const rsa = newKey('RS256');
    const verified = keySet({ keys: [rsa.jwk] }).verify(tokenOf(rsa), 'digest', 'RS384');
    await expect(verified).rejects.toMatchObject({ detail: { proofFault: 'TokenForged' } });
  });

  it.each([
    ['sig', undefined],
    ['jwt-svid', undefined],
    [undefined, undefined],
    ['enc', 'SigningKeyUnknown'],
    ['x509-svid', 'SigningKeyUnknown'],
  ])('takes a key for the use %j, or refuses it: %s', async (use, proofFault) => {
    const [own, other] = [newKey(), newKey()];
    const keys = publicKeys({ keys: [{ ...own.jwk, use }, other.jwk] });
    const verified = keySet(keys ?? { keys: [] }).verify(tokenOf(own), 'digest', 'ES256');
    if (proofFault === undefined) await verified;
    else await expect(verified).rejects.toMatchObject({ detail: { proofFault } });
  });

  it('refuses what a key too short for its algorithm signed, in our words', async () => {
    const set = keySet({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'short' }] });
    const token = tokenOf({ ...newKey('RS256'), jwk: { kty: 'RSA', kid: 'short' } });
    await expect(set.verify(token, 'digest', 'RS256')).rejects.toMatchObject({ code: 'InvalidIdentityToken' });
  });
});

it('a fetch that fails while another waits fails for both, and is not begun twice', async () => {
  let fail: (why: Error) => void = () => undefined;
  let begun = 0;
  const source = fetchedKeys(() => {
    begun++;
    return new Promise((_, reject) => {
      fail = reject;
    });
  });
  const waiting = [source.current(0), source.current(0)];
  fail(new Error('down'));
  for (const one of waiting) await expect(one).rejects.toThrow('down');
  await expect(source.current(14_000)).rejects.toThrow('down');
  expect(begun).toBe(1);
});

describe('a source of keys', () => {
  const text = (...keys: readonly { readonly jwk: object }[]) => JSON.stringify(published(...keys));
  const counting = (fetchText: () => string | Promise<string>) => {
    let begun = 0;
    const source = fetchedKeys(async () => {
      begun++;
      return fetchText();
    });
    return { source, begun: () => begun };
  };
  const minute = 60_000;

  it('gives the same set as long as the same keys are published, so that what the set has verified is kept', async () => {
    let said = text(newKey());
    const { source, begun } = counting(() => said);
    const set = await source.current(0);
    expect(await source.current(10 * minute)).toBe(set);
    expect(begun()).toBe(2);
    said = text(newKey());
    expect(await source.current(20 * minute)).not.toBe(set);
  });

  it('gives keys for less than an hour after they were fetched, while the issuer does not answer', async () => {
    let isDown = false;
    const { source } = counting(() => (isDown ? Promise.reject(new Error('down')) : text(newKey())));
    const set = await source.current(0);
    isDown = true;
    expect(await source.current(60 * minute - 1)).toBe(set);
    await expect(source.current(60 * minute)).rejects.toThrow('down');
  });

  it('fetches the keys that lack one four times within a minute, and then gives the same until the minute is over', async () => {
    const { source, begun } = counting(() => text(newKey()));
    let set = await source.current(0);
    for (const at of [1, 2, 3]) {
      const newer = await source.newerThan(set, at);
      expect(newer).not.toBe(set);
      set = newer;
    }
    expect(await source.newerThan(set, minute - 1)).toBe(set);
    expect(begun()).toBe(4);
    const newer = await source.newerThan(set, minute);
    expect(newer).not.toBe(set);
    expect(await source.newerThan(newer, minute)).toBe(newer);
    expect(await source.newerThan(newer, minute + 1)).not.toBe(newer);
    expect(begun()).toBe(6);
  });

  it('gives the newer keys that it has already to who misses one in the older', async () => {
    const { source, begun } = counting(() => text(newKey()));
    const old = await source.current(0);
    const newer = await source.newerThan(old, 1);
    expect(await source.newerThan(old, 2)).toBe(newer);
    expect(begun()).toBe(2);
  });

  it('gives the keys that are being fetched to who misses one, though it would be too soon to ask again', async () => {
    const { source, begun } = counting(() => text(newKey()));
    let set = await source.current(0);
    for (const at of [1, 2]) set = await source.newerThan(set, at);
    const [first, second] = await Promise.all([source.newerThan(set, 3), source.newerThan(set, 3)]);
    expect(first).not.toBe(set);
    expect(second).toBe(first);
    expect(begun()).toBe(4);
  });

  it('fetches the keys for who misses one in others before any are known', async () => {
    const { source, begun } = counting(() => text(newKey()));
    const others = keySet({ keys: [newKey().jwk] });
    expect(await source.newerThan(others, 0)).not.toBe(others);
    expect(begun()).toBe(1);
  });
});

it('keys age by a clock that nobody sets: a wall clock that is set back makes none fresh for longer', async () => {
  const key = newKey();
  const deps = internet({ [jwksUrl]: published(key) });
  let elapsedMs = 0;
  const prove = proving([rule], { documents: deps.fetch, monotonicMs: () => elapsedMs });
  const token = tokenOf(key, { iat: undefined, exp: now.getTime() / 1000 + 86_400 });
  await prove(token);
  elapsedMs = 599_000;
  await prove(token, at(-3_600));
  expect(deps.asked).toHaveLength(1);
  elapsedMs = 600_000;
  await prove(token, at(-3_600));
  expect(deps.asked).toHaveLength(2);
});
