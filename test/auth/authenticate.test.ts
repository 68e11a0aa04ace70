import { describe, expect, it } from 'vitest';
import { type AuthenticateDeps, authenticator } from '../../lib/auth/authenticate.ts';
import type { Caller, Proof } from '../../lib/core/caller.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { RequestContext } from '../../lib/core/platform-identity.ts';
import { Secret } from '../../lib/core/secret.ts';
import { newKey, now, tokenOf, usualClaims } from '../support/token-issuer.ts';

const secret = new Secret('secret');
const jwt = usualClaims();
const token = new Secret(tokenOf(newKey(), jwt));
const signature: Proof = { kind: 'signature', scheme: 'sigv4', accessKeyId: 'AKID1', verify: () => true };
const proofs = {
  signature,
  'signature of a session': { ...signature, sessionToken: secret },
  jwt: { kind: 'jwt', token },
  password: { kind: 'password', accessKeyId: 'AKID1', secret },
  login: { kind: 'login', token: secret },
  readToken: { kind: 'readToken', lease: 'demo', token: secret },
  none: { kind: 'none' },
} as const satisfies Record<string, Proof>;
type Name = keyof typeof proofs;

const caller = (name: string): Caller => ({ name, proof: 'jwt' });
/** Every way, each of which proves a caller of its own name by what it is handed. */
const ways: AuthenticateDeps = {
  signature: async ({ accessKeyId }, at) => caller(`signature ${accessKeyId} ${at === now}`),
  password: (id, shown, at) => caller(`password ${id} ${shown === secret} ${at === now}`),
  jwt: async (shown, at) => caller(`jwt ${shown === token} ${at === now}`),
  logins: {
    begin: () => secret,
    read: async (shown, at) => caller(`login ${shown === secret} ${at === now}`),
    end: async () => undefined,
  },
  readToken: (lease, shown) => caller(`readToken ${lease} ${shown === secret}`),
  platform: {
    caller: ({ sourceIp }, at) => (sourceIp === undefined ? undefined : caller(`platform ${sourceIp} ${at === now}`)),
    authorized: ({ sourceIp }) => (sourceIp === undefined ? undefined : caller(`gateway ${sourceIp}`)),
  },
};

type Context = Omit<RequestContext, 'ignore'>;
const whole = (context: Context | undefined) => context && { ...context, ignore: () => undefined };

const ask = async (deps: AuthenticateDeps, proof: Name, context?: Context): Promise<string | object> => {
  try {
    return (await authenticator(deps)(proofs[proof], now, whole(context))).name;
  } catch (thrown) {
    const { code, detail } = StsError.from(thrown);
    return Object.keys(detail).length === 0 ? code : { code, ...detail };
  }
};
const at = '192.0.2.1';

describe('a proof', () => {
  it.each<[Name, string]>([
    ['signature', 'signature AKID1 true'],
    ['signature of a session', 'signature AKID1 true'],
    ['jwt', 'jwt true true'],
    ['password', 'password AKID1 true true'],
    ['login', 'login true true'],
    ['readToken', 'readToken demo true'],
    ['none', `platform ${at} true`],
  ])('is judged by the way of its kind: %s', async (proof, name) => {
    expect(await ask(ways, proof, { headers: {}, sourceIp: at })).toBe(name);
  });

  it.each<[Name, string | object]>([
    ['signature', 'UnknownKey'],
    ['signature of a session', 'InvalidToken'],
    ['jwt', { code: 'InvalidIdentityToken', proofFault: 'IssuerUnknown' }],
    ['password', 'UnknownKey'],
    ['login', 'InvalidToken'],
    ['readToken', 'InvalidToken'],
    ['none', 'Unauthenticated'],
  ])('proves nobody if nobody is proven so, and is not tried in another way: %s', async (proof, refusal) => {
    const platform = ways.platform;
    expect(await ask({}, proof)).toEqual(refusal);
    expect(await ask({}, proof, { headers: {} })).toEqual(refusal);
    if (proof !== 'none') {
      expect(await ask(platform === undefined ? {} : { platform }, proof, { headers: {}, sourceIp: at })).toEqual(
        refusal,
      );
    }
  });

  it('that is none proves nobody of whom the platform says nothing', async () => {
    expect(await ask(ways, 'none')).toBe('Unauthenticated');
    expect(await ask(ways, 'none', { headers: {} })).toBe('Unauthenticated');
  });
});

describe('the word of a gateway', () => {
  const says = (kind: 'jwt' | 'iam' | 'lambda', claims: object, sourceIp: string | undefined = at): Context => ({
    headers: {},
    ...(sourceIp === undefined ? {} : { sourceIp }),
    platform: { authorizer: { kind, claims: { ...claims } } },
  });
  const own = { iss: jwt.iss, sub: jwt.sub, exp: jwt.exp };

  it.each<[Name, Context]>([
    ['jwt', says('jwt', own)],
    ['jwt', says('jwt', { ...own, exp: `${jwt.exp}` })],
    ['signature', says('iam', { accessKey: 'AKID1' })],
  ])('is taken for the very proof that it has verified: %s', async (proof, context) => {
    expect(await ask(ways, proof, context)).toBe(`gateway ${at}`);
  });

  it.each<[Name, Context, string]>([
    ['jwt', says('jwt', { ...own, sub: 'another' }), 'jwt true true'],
    ['jwt', says('jwt', { ...own, iss: 'https://other.example' }), 'jwt true true'],
    ['jwt', says('jwt', { ...own, exp: jwt.exp + 1 }), 'jwt true true'],
    ['jwt', says('jwt', { iss: jwt.iss, sub: jwt.sub }), 'jwt true true'],
    ['jwt', says('jwt', { ...own, sub: [jwt.sub] }), 'jwt true true'],
    ['jwt', says('lambda', own), 'jwt true true'],
    ['signature', says('iam', { accessKey: 'AKID2' }), 'signature AKID1 true'],
    ['signature', says('lambda', { accessKey: 'AKID1' }), 'signature AKID1 true'],
    ['password', says('iam', { accessKey: 'AKID1' }), 'password AKID1 true true'],
    ['login', says('jwt', own), 'login true true'],
  ])('is taken for no other: %s %j', async (proof, context, name) => {
    expect(await ask(ways, proof, context)).toBe(name);
  });

  it('is not taken of a gateway that is not trusted, nor where none is', async () => {
    const { platform: _, ...without } = ways;
    expect(await ask(ways, 'jwt', { headers: {}, platform: { authorizer: { kind: 'jwt', claims: own } } })).toBe(
      'jwt true true',
    );
    expect(await ask(without, 'jwt', says('jwt', own))).toBe('jwt true true');
  });

  it('is not taken for a signature of another scheme', async () => {
    const proof: Proof = { ...signature, scheme: 'tc3' };
    const proven = await authenticator(ways)(proof, now, whole(says('iam', { accessKey: 'AKID1' })));
    expect(proven.name).toBe('signature AKID1 true');
  });
});
