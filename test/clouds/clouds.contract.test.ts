import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clouds, spec } from '../../functions/sts.ts';
import type { Account, Cloud, DialectContext } from '../../lib/core/cloud.ts';
import type { AccessKey, Credentials } from '../../lib/core/credentials.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../lib/core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { allowed } from '../support/allowed-request.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const moment = { now: new Date('2026-11-22T01:02:03Z'), nonce: 1_234_567_890 };
const longTerm = 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE';
const key: AccessKey = { id: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', secret: new Secret(longTerm) };

/** Every cloud that speaks both ways, in every way that it signs. A sixth is tested by being in the service's list. */
const accounts = (clouds as readonly Cloud[]).flatMap((cloud): [string, Cloud, Account][] => {
  const signatures: Readonly<Record<string, readonly string[]>> = {
    'tencent-v2': ['HmacSHA1', 'HmacSHA256'],
    'tencent-v3': ['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256'],
    ecs: ['SigV4'],
  };
  return (signatures[cloud.id] ?? [undefined]).map((signature) => [
    signature === undefined ? cloud.id : `${cloud.id} by ${signature}`,
    cloud,
    {
      name: 'account',
      cloud: cloud.id,
      endpoint: new URL('https://sts.example.com:8443/'),
      region: 'ap-guangzhou',
      key,
      ...(signature === undefined ? {} : { signature }),
    },
  ]);
});

const policies = {
  cam: { version: '2.0', statement: [{ effect: 'allow', action: ['name/cos:GetObject'], resource: ['*'] }] },
  iam: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] },
  ucloud: { Version: '1', Statement: [{ Effect: 'Allow', Action: ['us3:GetFile'], Resource: ['*'] }] },
};

/** What can be asked of a cloud: the plainest, and where it takes one, with a policy. */
const requestsOf = (cloud: Cloud): TokenRequest<MintOperation>[] => {
  const role = cloud.naming.roles('123456789012', 'demo', '4611686018427397919')[0] ?? '';
  const policy = JSON.stringify(policies[cloud.naming.grammar]);
  const named = { role, sessionName: 'run-1' };
  const web = { webIdentityToken: new Secret('a.web.token'), providerId: 'issuer' };
  const all: TokenRequest<MintOperation>[] = [
    { operation: 'AssumeRole', ...named, durationSeconds: 1800 },
    ...(cloud.id === 'tencent-v2'
      ? []
      : [{ operation: 'AssumeRole', ...named, policy, durationSeconds: 1800 } as const]),
    { operation: 'GetFederationToken', name: 'bob', policy, durationSeconds: 1800 },
    { operation: 'GetSessionToken', durationSeconds: 1800 },
    { operation: 'AssumeRoleWithWebIdentity', ...named, ...web, durationSeconds: 1800 },
  ];
  return all.filter(({ operation }) => cloud.provider.operations[operation] !== undefined);
};

const encode = <Op extends MintOperation>(cloud: Cloud, account: Account, request: MintRequest<Op>): HttpRequest => {
  const exchange = cloud.provider.operations[request.operation as Op];
  if (exchange === undefined) throw new Error('Not of this cloud.');
  return exchange.encode(request, account);
};
/** As it would be sent: an identity token speaks for itself. */
const sent = (cloud: Cloud, account: Account, asked: TokenRequest<MintOperation>): HttpRequest => {
  const unsigned = encode(cloud, account, allowed(cloud, account, asked));
  return asked.operation === 'AssumeRoleWithWebIdentity'
    ? unsigned
    : cloud.provider.sign(unsigned, account, key, moment);
};
const occasionOf = (request: HttpRequest): DialectContext => ({
  request,
  requestId: '7c2f4a8e-0d51-4b8e-9b63-1d8f3c5f2a10',
  now: moment.now,
});

describe.each(accounts)('%s', (_name, cloud, account) => {
  const requests = requestsOf(cloud);

  describe.each(requests.map((request) => [request.operation, request] as const))('%s', (operation, asked) => {
    const request = sent(cloud, account, asked);
    const text = JSON.stringify(request);

    it('is said in the same bytes at the same moment', () => {
      expect(sent(cloud, account, asked)).toEqual(request);
    });

    it('holds the secret in none of them', () => {
      for (const form of [
        longTerm,
        btoa(longTerm),
        Buffer.from(longTerm).toString('hex'),
        encodeURIComponent(longTerm),
      ]) {
        expect(text).not.toContain(form);
      }
    });

    it('is known by its own dialect, before any other dialect of the service', () => {
      expect(spec.dialects.find((dialect) => dialect.recognizes(request))?.id).toBe(cloud.id);
    });

    it('is read as what was asked', () => {
      const read = cloud.dialect.parse(occasionOf(request));
      const {
        webIdentityToken,
        defaultDurationSeconds: _,
        ...rest
      } = { webIdentityToken: undefined, ...read.request } as {
        webIdentityToken?: Secret;
        defaultDurationSeconds?: number;
      };
      const { webIdentityToken: given, ...plain } = { webIdentityToken: undefined, ...asked };
      expect(rest).toEqual(plain);
      expect(webIdentityToken?.reveal()).toBe(given?.reveal());
    });

    it('proves who asked, by the right secret alone', () => {
      const { proof } = cloud.dialect.parse(occasionOf(request));
      if (operation === 'AssumeRoleWithWebIdentity') {
        expect(proof).toMatchObject({ kind: 'jwt' });
        return;
      }
      if (proof.kind !== 'signature') throw new Error(`The proof is ${proof.kind}.`);
      expect(proof.accessKeyId).toBe(key.id);
      expect(proof.verify(key.secret)).toBe(true);
      expect(proof.verify(new Secret(`${longTerm}x`))).toBe(false);
      expect(proof.verify(new Secret(''))).toBe(false);
      if (proof.valid !== undefined) {
        expect(proof.valid.from.getTime()).toBeLessThan(moment.now.getTime());
        expect(proof.valid.until.getTime()).toBeGreaterThan(moment.now.getTime());
      }
    });

    it('is answered in words that mean the same credentials', () => {
      const letters = fc.stringMatching(/^[A-Za-z0-9+/=_-]{16,60}$/);
      // Beginnings of their own, or a shrinking search makes the id hold the secret.
      const beginning = (text: string) => letters.map((rest) => text + rest);
      const [ids, secrets, tokens] = [beginning('AKID'), beginning('secret/'), beginning('token=')];
      fc.assert(
        fc.property(ids, secrets, tokens, fc.integer({ min: 1, max: 40_000 }), (id, secret, token, lasts) => {
          const credentials: Credentials = {
            accessKeyId: id,
            secretAccessKey: new Secret(secret),
            sessionToken: new Secret(token),
            expiration: new Date(moment.now.getTime() + lasts * 1000),
          };
          const answer = {
            kind: 'credentials',
            credentials,
            account: 'account',
            cloud: cloud.id,
            variables: [],
          } as const;
          const response = cloud.dialect.render(answer, asked, occasionOf(request));
          const understood = cloud.provider.normalize(response, operation);
          expect(understood.accessKeyId).toBe(id);
          expect(understood.secretAccessKey.reveal()).toBe(secret);
          expect(understood.sessionToken.reveal()).toBe(token);
          expect(understood.expiration).toEqual(credentials.expiration);
          for (const printed of [inspect(understood, { depth: 5 }), JSON.stringify(understood), String(understood)]) {
            expect(printed).not.toContain(secret);
            expect(printed).not.toContain(token);
          }
        }),
        { numRuns: 25 },
      );
    });

    it('is refused by every code of ours in words that keep their meaning', () => {
      const say = (code: StsErrorCode): StsError =>
        expectRefusal(() =>
          cloud.provider.normalize(cloud.dialect.renderError(new StsError(code), occasionOf(request)), operation),
        );
      for (const code of Object.keys(stsErrors) as StsErrorCode[]) {
        const heard = say(code);
        expect(say(heard.code).code, code).toBe(heard.code);
        // No system can say that its broker is at fault, so none is heard to say it of what a caller did.
        if (stsErrors[code].fault === 'caller') expect(heard.traits.fault, code).not.toBe('broker');
        expect(heard.traits.retryable, code).toBe(stsErrors[code].retryable || heard.code === 'CloudUnavailable');
      }
    });

    const nonsense: [string, HttpResponse][] = [
      ['an empty body', { status: 200, headers: {}, body: '' }],
      ['HTML', { status: 200, headers: {}, body: `<html>${longTerm}</html>` }],
      ['half of JSON', { status: 200, headers: {}, body: `{"Response":{"Credentials":"${longTerm}` }],
      [
        'empty credentials',
        { status: 200, headers: {}, body: '{"code":0,"RetCode":0,"Credentials":{},"Response":{}}' },
      ],
      ['XML of another kind', { status: 200, headers: {}, body: `<a><b>${longTerm}</b></a>` }],
      ['a failure without a word', { status: 500, headers: {}, body: '' }],
      ['a refusal in prose', { status: 403, headers: {}, body: `Your key ${longTerm} is no good.` }],
      ['a redirect', { status: 302, headers: { location: `https://x/?${longTerm}` }, body: '' }],
      ['nothing but numbers', { status: 200, headers: {}, body: '42' }],
    ];
    it.each(nonsense)('takes %s for no credentials, and quotes nothing of it', (_what, response) => {
      const error = expectRefusal(() => cloud.provider.normalize(response, operation));
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(longTerm);
      expect(JSON.stringify(error.detail)).not.toContain(longTerm);
    });
  });
});

describe.each(accounts.filter(([, cloud]) => cloud.provider.identity !== undefined))(
  '%s, asked who one is',
  (_name, cloud, account) => {
    const { identity } = cloud.provider;

    it('says in its own words who a key and a triad are, and is understood', () => {
      if (identity === undefined) throw new Error('Filtered above.');
      const request = cloud.provider.sign(identity.encode(account), account, key, moment);
      expect(spec.dialects.find((dialect) => dialect.recognizes(request))?.id).toBe(cloud.id);
      const asked = cloud.dialect.parse(occasionOf(request));
      expect(asked.request.operation).toBe('GetCallerIdentity');
      const user = cloud.naming.user('123456789012', 'ci', '100000000001');
      const response = cloud.dialect.render({ kind: 'identity', identity: user }, asked.request, occasionOf(request));
      expect(identity.normalize(response)).toMatchObject({ arn: user.arn, accountId: user.accountId });
    });
  },
);

describe('a cloud that is used by login', () => {
  const logging = clouds.filter((cloud) => cloud.provider.login !== undefined);

  it.each(logging.map((cloud) => [cloud.id, cloud] as const))('%s gives a token that is taken', (_id, cloud: Cloud) => {
    const { login } = cloud.provider;
    const account: Account = { name: 'a', cloud: cloud.id, endpoint: new URL('https://ecs.example.com/sts'), key };
    if (login === undefined || !login.wanted(account)) throw new Error('It wants no login.');
    const request = login.encode(account);
    const asked = cloud.dialect.parse(occasionOf(request));
    expect(asked.proof).toMatchObject({ kind: 'password', accessKeyId: key.id });
    const token = new Secret('QUFGMDFvS2tNTENiaXoyOEk2T');
    const answer = { kind: 'login', token, user: 'admin' } as const;
    const given = login.normalize(cloud.dialect.render(answer, asked.request, occasionOf(request)));
    expect(given.reveal()).toBe(token.reveal());
    const role = cloud.naming.roles('s3', 'demo', 'id')[0] ?? '';
    const wanted = allowed(cloud, account, { operation: 'AssumeRole', role, sessionName: 'run-1' });
    const applied = login.apply(encode(cloud, account, wanted), given);
    const { proof } = cloud.dialect.parse(occasionOf(applied));
    expect(proof.kind === 'login' && proof.token.reveal()).toBe(token.reveal());
    const refused = cloud.dialect.renderError(new StsError('TokenExpired'), occasionOf(applied));
    expect(login.stale(refused)).toBe(true);
  });
});
