import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectsOf } from '../../lib/clouds/dialects.ts';
import type { Account, Cloud, DialectContext } from '../../lib/core/cloud.ts';
import type { AccessKey, Credentials } from '../../lib/core/credentials.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../lib/core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import type { MintOperation, MintRequest, Narrowing, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { allowed } from './allowed-request.ts';
import { expectRefusal } from './expect-refusal.ts';
import { signingAccounts } from './signing-accounts.ts';

const moment = { now: new Date('2026-11-22T01:02:03Z'), nonce: 1_234_567_890 };
const longTerm = 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE';
const key: AccessKey = { id: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', secret: new Secret(longTerm) };

/** A cloud with an account for each of its signatures; logins have a test of their own. */
const accountsOf = (cloud: Cloud): [string, Cloud, Account][] =>
  signingAccounts(cloud, {
    name: 'account',
    cloud: cloud.id,
    endpoint: new URL('https://sts.example.com:8443/'),
    region: 'ap-guangzhou',
    key,
  }).map((account) => [
    account.signature === undefined ? cloud.id : `${cloud.id} by ${account.signature}`,
    cloud,
    account,
  ]);

/** What can be asked of a cloud: each operation plainly, and with a policy if it takes one. */
const requestsOf = (cloud: Cloud): TokenRequest<MintOperation>[] => {
  const role = cloud.naming.roles('123456789012', 'demo', '4611686018427397919')[0] ?? '';
  const policy = JSON.stringify(cloud.grammar.example);
  const named = { role, sessionName: 'run-1', durationSeconds: 1800 };
  const web = { webIdentityToken: new Secret('a.web.token'), providerId: 'issuer' };
  const federated = { operation: 'GetFederationToken', name: 'bob', durationSeconds: 1800 } as const;
  const all: TokenRequest<MintOperation>[] = [
    { operation: 'AssumeRole', ...named },
    ...(cloud.accepts.AssumeRole?.includes('policy') ? [{ operation: 'AssumeRole', ...named, policy } as const] : []),
    // Some clouds insist on a policy here.
    cloud.accepts.GetFederationToken?.includes('policy') ? { ...federated, policy } : federated,
    { operation: 'GetSessionToken', durationSeconds: 1800 },
    { operation: 'AssumeRoleWithWebIdentity', ...named, ...web },
  ];
  return all.filter(({ operation }) => cloud.provider.operations[operation] !== undefined);
};

/** A value for everything that a request may be narrowed by. */
const narrowingsOf = ({ grammar }: Cloud): Readonly<Record<Narrowing, unknown>> => ({
  policy: JSON.stringify(grammar.example),
  policyArns: ['arn:aws:iam::123456789012:policy/narrow'],
  tags: [{ key: 'team', value: 'build' }],
  transitiveTagKeys: ['team'],
  externalId: 'external-id-1',
  sourceIdentity: 'alice',
  serialNumber: 'serial-number-1',
  tokenCode: new Secret('123456'),
});

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
const contextOf = (request: HttpRequest): DialectContext => ({
  request,
  requestId: '7c2f4a8e-0d51-4b8e-9b63-1d8f3c5f2a10',
  now: moment.now,
});

/** What every cloud must hold to, asked of some of all the clouds that a server answers like. */
export const describeClouds = (clouds: readonly Cloud[], all: readonly Cloud[] = clouds): void => {
  describe.each(clouds.flatMap(accountsOf))('%s', (_name, cloud, account) => {
    const requests = requestsOf(cloud);

    describe.each(requests.map((request) => [request.operation, request] as const))('%s', (operation, asked) => {
      const request = sent(cloud, account, asked);
      const text = JSON.stringify(request);

      it('is written in the same bytes at the same moment', () => {
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

      it('is recognized by its own dialect, before any other', () => {
        expect(dialectsOf(all).find((dialect) => dialect.recognizes(request))?.id).toBe(cloud.id);
      });

      it('is read as what was asked', () => {
        const read = cloud.dialect.parse(contextOf(request));
        const {
          webIdentityToken,
          defaultDurationSeconds: _,
          ...rest
        } = { webIdentityToken: undefined, ...read.request } as {
          webIdentityToken?: Secret;
          defaultDurationSeconds?: number;
        };
        const { webIdentityToken: given, ...plain } = { webIdentityToken: undefined, ...asked };
        // A name for the issuer is a hint, which not every cloud takes.
        expect({ ...('providerId' in plain ? { providerId: plain.providerId } : {}), ...rest }).toEqual(plain);
        expect(webIdentityToken?.reveal()).toBe(given?.reveal());
      });

      it('proves who asked, by the right secret alone', () => {
        const { proof } = cloud.dialect.parse(contextOf(request));
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
              variables: () => [],
            } as const;
            const response = cloud.dialect.render(answer, asked, contextOf(request));
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
            cloud.provider.normalize(cloud.dialect.renderError(new StsError(code), contextOf(request)), operation),
          );
        for (const code of Object.keys(stsErrors) as StsErrorCode[]) {
          const heard = say(code);
          expect(say(heard.code).code, code).toBe(heard.code);
          // No system can say that its broker is at fault, so none is heard to say it of what a caller did.
          if (stsErrors[code].fault === 'caller') expect(heard.traits.fault, code).not.toBe('broker');
          expect(heard.traits.retryable, code).toBe(stsErrors[code].retryable || heard.code === 'CloudUnavailable');
        }
      });

      it('carries what the cloud accepts, and is refused with anything else', () => {
        const accepted = cloud.accepts[operation] ?? [];
        for (const [name, value] of Object.entries(narrowingsOf(cloud))) {
          const act = () => encode(cloud, account, { ...allowed(cloud, account, asked), [name]: value } as MintRequest);
          if (accepted.includes(name as Narrowing)) expect(act(), name).not.toEqual(sent(cloud, account, asked));
          else expect(expectRefusal(act).code, name).toBe('InvalidParameter');
        }
      });

      it('is refused by a code that nobody knows in words that mean what its kind means, and is not repeated for it', () => {
        for (const code of Object.keys(stsErrors) as StsErrorCode[]) {
          if (stsErrors[code].fault !== 'caller') continue;
          const response = cloud.dialect.renderError(new StsError(code), contextOf(request));
          const heard = (body: string) =>
            expectRefusal(() => cloud.provider.normalize({ ...response, body }, operation));
          const said = heard(response.body);
          const known = said.detail.upstream?.code ?? '';
          const unknown = /^\d+$/.test(known) ? `${Number(known) + 7}` : `${known}.Unheard`;
          const changed = heard(response.body.replaceAll(known, unknown));
          expect(changed.detail.upstream?.code, code).toBe(unknown);
          expect(changed.traits.fault, `${code} as ${unknown}`).toBe('caller');
          expect(changed.traits.retryable && !said.traits.retryable, `${code} as ${unknown}`).toBe(false);
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
        ['XML of something else', { status: 200, headers: {}, body: `<a><b>${longTerm}</b></a>` }],
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

  describe.each(clouds.flatMap(accountsOf).filter(([, cloud]) => cloud.provider.identity !== undefined))(
    '%s, asked who one is',
    (_name, cloud, account) => {
      const { identity } = cloud.provider;

      it('says in its own words who a key and a triad are, and is understood', () => {
        if (identity === undefined) throw new Error('Filtered above.');
        const request = cloud.provider.sign(identity.encode(account), account, key, moment);
        expect(dialectsOf(all).find((dialect) => dialect.recognizes(request))?.id).toBe(cloud.id);
        const asked = cloud.dialect.parse(contextOf(request));
        expect(asked.request.operation).toBe('GetCallerIdentity');
        const user = cloud.naming.user('123456789012', 'ci', '100000000001');
        const response = cloud.dialect.render({ kind: 'identity', identity: user }, asked.request, contextOf(request));
        expect(identity.normalize(response)).toMatchObject({ arn: user.arn, accountId: user.accountId });
      });
    },
  );

  const logging = clouds.filter((cloud) => cloud.provider.login !== undefined);

  describe.skipIf(logging.length === 0)('a cloud that is used by login', () => {
    it.each(logging.map((cloud) => [cloud.id, cloud] as const))(
      '%s gives a token that is taken',
      (_id, cloud: Cloud) => {
        const { login } = cloud.provider;
        const account: Account = { name: 'a', cloud: cloud.id, endpoint: new URL('https://ecs.example.com/sts'), key };
        if (login === undefined || !login.wanted(account)) throw new Error('It wants no login.');
        const request = login.encode(account);
        const asked = cloud.dialect.parse(contextOf(request));
        expect(asked.proof).toMatchObject({ kind: 'password', accessKeyId: key.id });
        const token = new Secret('QUFGMDFvS2tNTENiaXoyOEk2T');
        const answer = { kind: 'login', token, user: 'admin' } as const;
        const given = login.normalize(cloud.dialect.render(answer, asked.request, contextOf(request)));
        expect(given.reveal()).toBe(token.reveal());
        const role = cloud.naming.roles('s3', 'demo', 'id')[0] ?? '';
        const wanted = allowed(cloud, account, { operation: 'AssumeRole', role, sessionName: 'run-1' });
        const applied = login.apply(encode(cloud, account, wanted), given);
        const { proof } = cloud.dialect.parse(contextOf(applied));
        expect(proof.kind === 'login' && proof.token.reveal()).toBe(token.reveal());
        const refused = cloud.dialect.renderError(new StsError('TokenExpired'), contextOf(applied));
        expect(login.stale(refused)).toBe(true);
      },
    );
  });

  describe.each(clouds.map((cloud) => [cloud.id, cloud] as const))('the facts of %s', (_id, cloud) => {
    it('agree with its provider, its dialect and its naming', () => {
      expect(Object.keys(cloud.accepts).sort()).toEqual(Object.keys(cloud.provider.operations).sort());
      expect(cloud.dialect.id).toBe(cloud.id);
      expect(cloud.naming.grammar).toBe(cloud.grammar);
    });

    it('have an example that is a policy', () => {
      expect(() => cloud.checkPolicy(JSON.stringify(cloud.grammar.example))).not.toThrow();
      expect(expectRefusal(() => cloud.checkPolicy('x'.repeat(cloud.maxPolicyCharacters + 1))).code).toBe(
        'PolicyTooLarge',
      );
    });

    it('name the variables of its tools', () => {
      const expiration = new Date('2026-11-22T02:00:00Z');
      const credentials: Credentials = {
        accessKeyId: 'the-id',
        secretAccessKey: new Secret('the-secret'),
        sessionToken: new Secret('the-token'),
        expiration,
      };
      const account: Account = {
        name: 'a',
        cloud: cloud.id,
        endpoint: new URL('https://x/'),
        region: 'r',
        projectId: 'p',
      };
      const values = cloud.variables(credentials, account).map(([, value]) => value);
      expect(values).toEqual(expect.arrayContaining(['the-id', 'the-secret', 'the-token']));
    });
  });
};
