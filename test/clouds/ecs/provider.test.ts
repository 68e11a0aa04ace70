import { describe, expect, it } from 'vitest';
import type { Account, LoginExchange } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { MintRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { escapeText, readQuery } from '../../../lib/wire/query.ts';
import {
  at,
  context,
  dialect,
  key,
  now,
  parse,
  policy,
  provider,
  type Texts,
  wanted,
} from '../../support/clouds/ecs.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('a request to ECS', () => {
  const account: Account = { name: 'main', cloud: 'ecs', endpoint: new URL('https://ecs.example.test:4443'), key };
  const mint = { operation: 'AssumeRole', role: wanted['RoleArn'], sessionName: 'sess-1', durationSeconds: 7200 };
  const federation = { operation: 'GetFederationToken', name: 'Bob', durationSeconds: 7200 };
  const encode = (request: object, used: Account = account): HttpRequest =>
    provider.operations.AssumeRole?.encode(
      { ...mint, ...request } as unknown as MintRequest<'AssumeRole'>,
      used,
    ) as HttpRequest;
  const federate = (request: object, used: Account = account): HttpRequest =>
    provider.operations.GetFederationToken?.encode(
      { ...federation, ...request } as unknown as MintRequest<'GetFederationToken'>,
      used,
    ) as HttpRequest;
  const moment = { now, nonce: 1 };
  const named = (path: string): Account => ({ ...account, endpoint: new URL(path, account.endpoint) });
  const said = ({ query }: HttpRequest) => {
    const reading = readQuery(query);
    return 'params' in reading ? Object.fromEntries(reading.params) : {};
  };

  it('is a POST to /sts with everything in its query', () => {
    expect(encode({ policy, policyArns: ['urn:ecs:iam:::policy/a'] })).toEqual({
      method: 'POST',
      scheme: 'https',
      host: 'ecs.example.test:4443',
      path: '/sts',
      query: `Action=AssumeRole&RoleSessionName=sess-1&RoleArn=urn%3Aecs%3Aiam%3A%3Ans1%3Arole%2Fdemo&DurationSeconds=7200&InlineSessionPolicy=${escapeText(policy)}&PolicyArns=urn%3Aecs%3Aiam%3A%3A%3Apolicy%2Fa`,
      headers: { accept: '*/*' },
      body: '',
    });
  });

  it('goes to the endpoint’s own path where that has one, with the account’s namespace', () => {
    expect(encode({}, { ...named('/mgmt/sts'), namespace: 'ns1' })).toMatchObject({
      path: '/mgmt/sts',
      headers: { 'x-emc-namespace': 'ns1' },
    });
  });

  it('asks our own dialect what was meant', () => {
    const asked = parse(encode({ policy, policyArns: ['urn:ecs:iam:::policy/a'] })).request;
    expect(asked).toMatchObject({
      role: mint.role,
      sessionName: 'sess-1',
      durationSeconds: 7200,
      policy,
      policyArns: ['urn:ecs:iam:::policy/a'],
    });
    const tags = [{ key: 'team', value: 'a b' }];
    const policyArns = ['urn:ecs:iam:::policy/a', 'urn:ecs:iam:::policy/b'];
    expect(parse(federate({ policy, policyArns, tags })).request).toMatchObject({
      name: 'Bob',
      durationSeconds: 7200,
      policy,
      policyArns,
      tags,
    });
    expect(parse(federate({ policy, policyArns: ['urn:x'] }, named('/iam'))).request).toMatchObject({
      name: 'Bob',
      durationSeconds: 7200,
      policy,
      policyArns: ['urn:x'],
    });
  });

  it('writes a policy beyond Latin-1 in escapes, by whatever name it goes', () => {
    const wide = policy.replace('"*"', '"研"');
    for (const request of [
      encode({ policy: wide }),
      federate({ policy: wide }),
      federate({ policy: wide }, named('/iam')),
    ]) {
      expect(parse(request).request).toHaveProperty('policy', policy.replace('"*"', '"\\u7814"'));
    }
  });

  it('spells GetFederationToken as the release that serves it at that path', () => {
    expect(Object.keys(said(federate({ policy })))).toEqual(['Action', 'UserName', 'DurationSeconds', 'Policy']);
    expect(Object.keys(said(federate({ policy }, named('/iam'))))).toEqual([
      'Action',
      'UserName',
      'StsDurationSeconds',
      'StsInlineSessionPolicy',
    ]);
  });

  it('is not made where it would lose, or might lose, what narrows it', () => {
    for (const name of ['tags', 'transitiveTagKeys', 'externalId', 'sourceIdentity', 'serialNumber', 'tokenCode']) {
      expect([name, refusalCode(() => encode({ [name]: ['x'] }))]).toEqual([name, 'InvalidParameter']);
    }
    expect(refusalCode(() => encode({ policyArns: ['urn:a', 'urn:b'] }))).toBe('InvalidParameter');
    expect(refusalCode(() => federate({ tags: [] }, named('/iam')))).toBe('InvalidParameter');
  });

  it('is signed with an empty scope, or with the account’s region', () => {
    const regional = { ...account, region: 'us-east-1' };
    const plain = provider.sign(encode({}), account, key, moment);
    const scoped = provider.sign(encode({}, regional), regional, key, moment);
    expect(plain.headers['authorization']).toContain(`Credential=${key.id}/20261122///aws4_request`);
    expect(scoped.headers['authorization']).toContain(`Credential=${key.id}/20261122/us-east-1/sts/aws4_request`);
    for (const sent of [plain, scoped]) {
      const { proof } = parse(sent);
      expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    }
  });

  describe('by login', () => {
    const login = provider.login as LoginExchange;

    it('is the usual way, unless the account signs', () => {
      expect(login.wanted(account)).toBe(true);
      expect(login.wanted({ ...account, signature: 'X-SDS-AUTH-TOKEN' })).toBe(true);
      expect(login.wanted({ ...account, signature: 'SigV4' })).toBe(false);
    });

    it.each([
      ['/', '/login', '/user/whoami'],
      ['/sts', '/login', '/user/whoami'],
      ['/iam', '/login', '/user/whoami'],
      ['/mgmt/sts', '/mgmt/login', '/mgmt/user/whoami'],
      ['/mgmt/', '/mgmt/login', '/mgmt/user/whoami'],
    ])('logs in beside %s', (endpoint, path, whoami) => {
      expect(login.encode(named(endpoint))).toMatchObject({ method: 'GET', path, query: '', body: '' });
      expect(provider.identity?.encode(named(endpoint))).toMatchObject({ method: 'GET', path: whoami });
    });

    it('shows our own dialect the account’s name and password', () => {
      const { request, proof } = parse(login.encode(account));
      expect(request).toEqual({ operation: 'Login' });
      expect(proof.kind === 'password' && [proof.accessKeyId, proof.secret.reveal()]).toEqual([
        key.id,
        key.secret.reveal(),
      ]);
    });

    it('takes the token of the reply and shows it', () => {
      const answer = { kind: 'login', token: new Secret('NEW-TOKEN'), user: 'root' } as const;
      const reply = dialect.render(answer, { operation: 'Login' }, context(at('/login')));
      const { proof } = parse(login.apply(encode({}), login.normalize(reply)));
      expect(proof.kind === 'login' && proof.token.reveal()).toBe('NEW-TOKEN');
    });

    it('makes no login without a name and password that can be said', () => {
      const { key: _, ...keyless } = account;
      expect(refusalCode(() => login.encode(keyless))).toBe('Misconfigured');
      expect(refusalCode(() => login.encode({ ...account, key: { id: 'a:b', secret: key.secret } }))).toBe(
        'Misconfigured',
      );
    });

    it('tells a login that failed from one without a token', () => {
      const reply = (status: number, headers: Texts, body = '') =>
        refusalCode(() => login.normalize({ status, headers, body }));
      expect(reply(200, { 'x-sds-auth-token': 'T' })).toBe('none');
      expect(reply(200, {})).toBe('CloudUnintelligible');
      expect(reply(200, { 'x-sds-auth-token': 'a b' })).toBe('CloudUnintelligible');
      expect(reply(401, {})).toBe('InvalidToken');
      expect(reply(401, { 'x-sds-auth-token': 'T' }, '{"code":4000}')).toBe('InvalidToken');
      expect(reply(503, {})).toBe('CloudUnavailable');
    });

    it('is over at 401, or where the reply leads to the login page', () => {
      const reply = (status: number, headers: Texts = {}) => login.stale({ status, headers, body: '' });
      expect(reply(401)).toBe(true);
      expect(reply(302, { location: 'https://ecs.example.test:4443/login?using-cookies=true' })).toBe(true);
      expect(reply(302, { location: 'https://elsewhere.example.test/' })).toBe(false);
      expect(reply(302)).toBe(false);
      expect(reply(200)).toBe(false);
      expect(reply(403)).toBe(false);
    });
  });
});
