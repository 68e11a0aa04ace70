import { describe, expect, it } from 'vitest';
import { bySignature } from '../../lib/auth/keys/by-signature.ts';
import { keysById } from '../../lib/auth/keys/caller-keys.ts';
import { logins } from '../../lib/auth/keys/logins.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { type Scheme, schemes } from '../support/sign-requests.ts';
import { newKey, now, proving, ruleOf, tokenOf } from '../support/token-issuer.ts';

const key = { id: 'AKIDEXAMPLE', secret: new Secret('the secret of the key') };
const url = 'http://127.0.0.1:3000';

/** The caller that a request proves in a dialect, or why it proves none. */
const provenBy = async ({ dialect }: Scheme, request: HttpRequest): Promise<string> => {
  const keys = keysById([{ ...key, caller: 'ci' }]);
  const way = bySignature(
    keys,
    () => {
      throw new StsError('InvalidToken');
    },
    memoryStore(() => now),
  );
  try {
    if (!dialect.recognizes(request)) return 'nobody: NotRecognized';
    const { proof } = dialect.parse({ request, requestId: 'id', now });
    if (proof.kind !== 'signature') return `nobody: ${proof.kind}`;
    return (await way(proof, now)).name;
  } catch (thrown) {
    return `nobody: ${StsError.from(thrown).code}`;
  }
};

/** Every text that differs from this one in one byte, by another that stands nowhere else for it. */
const mutants = (text: string): string[] =>
  [...text].flatMap((character, index) => {
    const others = [String.fromCharCode(character.charCodeAt(0) ^ 1), character === 'z' ? 'y' : 'z'];
    return others.map((other) => text.slice(0, index) + other + text.slice(index + 1));
  });

/** The headers that are signed, and those that carry the signature. */
const carrying = /^(host|content-type|authorization|x-(?!tc-language|tc-region).*)$/;

/** Each request that differs from a signed one by one byte of its method, path, query, headers or body. */
const changed = (
  { unsigned }: Scheme,
  request: HttpRequest,
): { readonly what: string; readonly request: HttpRequest }[] => [
  ...['GET', 'PUT', 'HEAD', 'POST']
    .filter((method) => method !== request.method)
    .map((method) => ({ what: `method ${method}`, request: { ...request, method } })),
  ...mutants(request.path.slice(1)).map((path) => ({
    what: `path /${path}`,
    request: { ...request, path: `/${path}` },
  })),
  ...(unsigned.includes('host') ? [] : mutants(request.host)).map((host) => ({
    what: `host ${host}`,
    request: { ...request, host, headers: { ...request.headers, host } },
  })),
  ...mutants(request.query).map((query) => ({ what: `query ${query}`, request: { ...request, query } })),
  ...mutants(request.body).map((body) => ({ what: `body ${body}`, request: { ...request, body } })),
  ...Object.entries(request.headers)
    .filter(([name]) => name !== 'host' && carrying.test(name))
    .flatMap(([name, value]) =>
      mutants(value).map((mutant) => ({
        what: `${name}: ${mutant}`,
        request: { ...request, headers: { ...request.headers, [name]: mutant } },
      })),
    ),
];

describe.each(schemes)('a request signed in the words of $name', (scheme) => {
  const request = scheme.signed(url, key, now);
  const arrived = { ...request, headers: { host: request.host, ...request.headers } };

  it('proves its caller as it is', async () => {
    expect(await provenBy(scheme, arrived)).toBe('ci');
  });

  it('proves nobody once one byte of it is another', async () => {
    const accepted: string[] = [];
    const all = changed(scheme, arrived);
    for (const { what, request: mutant } of all)
      if (!(await provenBy(scheme, mutant)).startsWith('nobody')) accepted.push(what);
    expect(all.length).toBeGreaterThan(200);
    expect(accepted).toEqual([]);
  });
});

describe('a token', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)(
    'by %s proves nobody once one character of it is another',
    async (alg) => {
      const own = newKey(alg);
      const prove = proving([ruleOf([own])]);
      const token = tokenOf(own);
      expect(await prove(token)).toMatchObject({ name: 'ci' });
      const accepted: number[] = [];
      for (let index = 0; index < token.length; index++) {
        const character = token.charAt(index);
        for (const other of character === '.'
          ? ['A']
          : [alphabet.charAt((alphabet.indexOf(character) + 1) % 64), '../access/callers', '=']) {
          const answer = await prove(token.slice(0, index) + other + token.slice(index + 1));
          if ('name' in answer) accepted.push(index);
        }
      }
      expect(accepted).toEqual([]);
    },
  );

  it.each(['ES256', 'RS256'] as const)('by %s has one spelling of its signature only', async (alg) => {
    const own = newKey(alg);
    const prove = proving([ruleOf([own])]);
    const token = tokenOf(own);
    for (const last of alphabet) {
      const answer = await prove(token.slice(0, -1) + last);
      expect('name' in answer).toBe(token.endsWith(last));
    }
  });

  it('of a login proves nobody once one character of it is another', async () => {
    const keys = keysById([{ ...key, caller: 'ci' }]);
    const own = logins(
      keyring(new Secret('r'.repeat(32))),
      keys,
      memoryStore(() => now),
    );
    const token = own.begin({ name: 'ci', proof: 'accessKey', accessKeyId: key.id }, now).reveal();
    expect(await own.read(new Secret(token), now)).toMatchObject({ name: 'ci' });
    for (let index = 0; index < token.length; index++) {
      const other = alphabet.charAt((alphabet.indexOf(token.charAt(index)) + 1) % 64);
      await expect(own.read(new Secret(token.slice(0, index) + other + token.slice(index + 1)), now)).rejects.toThrow(
        StsError,
      );
    }
  });
});
