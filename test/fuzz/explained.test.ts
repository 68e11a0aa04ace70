import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { explain } from '../../bin/commands/explain.ts';
import { clouds } from '../../functions/sts.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { createApp, replyOf } from '../support/app.ts';
import { cloudTransport } from '../support/cloud-transport.ts';
import { httpApiEvent } from '../support/gateway-events.ts';
import { ecPem } from '../support/keyless-pair.ts';
import { at, issuer, newKey, now, tokenOf } from '../support/token-issuer.ts';
import { boundsOf, unhurried } from './bounds.ts';

// `credmint explain` and the server decide apart from each other. Whatever is configured and asked, they say the same.

const key = newKey();
const folder = mkdtempSync(join(tmpdir(), 'credmint-'));
afterAll(() => rmSync(folder, { recursive: true }));
const environment = {
  SECRET: 'a secret of the test',
  RING: 'r'.repeat(43),
  JWKS: JSON.stringify({ keys: [key.jwk] }),
};

/** Each makes a refusal more likely, so each is rare. */
const rarely = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const some = <Value>(...values: readonly Value[]) => fc.subarray([...values], { minLength: 1 });
const of = <const Values extends readonly unknown[]>(...values: Values): fc.Arbitrary<Values[number]> =>
  fc.constantFrom(...values);

const roleNames = ['demo', 'admin', 'nowhere'];
const roles = roleNames.map((name) => `arn:aws:iam::123456789012:role/${name}`);
const demo = 'arn:aws:iam::123456789012:role/demo';
const policies = {
  iam: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['*'] }] },
  own: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: [`arn:aws:s3:::d/\${claims.repository}/*`] }],
  },
  cam: { version: '2.0', statement: [{ effect: 'allow', action: ['cos:*'], resource: ['*'] }] },
};
const subjects = ['repo:acme/site', 'repo:acme/shop', 'alice', 'alice\u200b'];

const grant = fc.record(
  {
    callers: of(['ci', 'op'], ['ci', 'op', 'odd'], ['ci'], ['op'], ['odd']),
    account: of('aws', 'cos', 'authority', 'keyless'),
    operations: of(['AssumeRole', 'GetFederationToken'], ['AssumeRole'], ['GetFederationToken']),
    roles: of(['**'], ['arn:aws:iam::*:role/*'], roles.slice(0, 1), roles.slice(1)),
    dialects: rarely(some('json', 'aws')),
    claims: rarely(fc.record({ repository: some('site', 'shop', 's*') })),
    sourceIps: rarely(some('192.0.2.0/24', '2001:db8::/32')),
    times: rarely(of({ from: at(-60).toISOString() }, { until: at(0).toISOString() }, { until: at(1).toISOString() })),
    acr: rarely(some('high', 'low')),
    amr: rarely(some('mfa', 'pwd')),
    maxDurationSeconds: rarely(of(600, 900, 3600, 7200)),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of the templates
    sessionName: rarely(of('x-${claims.sub}', 'y', '${sessionName}')),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of the templates
    tags: rarely(of({ team: '${claims.repository}' }, { team: 'red' })),
    policy: rarely(of(policies.iam, policies.own)),
    accepts: rarely(some('policy', 'tags')),
    mode: of('enforce', 'enforce', 'audit'),
  },
  { requiredKeys: ['callers', 'account', 'operations', 'roles', 'mode'] },
);

/** Without any of these, hardly a request would be allowed. */
const broad = fc.record({
  callers: fc.constant(['ci', 'op']),
  account: of('aws', 'cos', 'authority'),
  operations: fc.constant(['AssumeRole', 'GetFederationToken']),
  roles: fc.constant(['**']),
  accepts: fc.constant(['policy']),
  maxDurationSeconds: rarely(of(900, 3600)),
});

const configuration = fc.record({
  grants: fc.tuple(fc.array(grant, { maxLength: 3 }), fc.array(broad, { maxLength: 2 })).map((lists) => lists.flat()),
  mode: of('enforce', 'audit'),
  trust: of(['*'], ['ci'], ['op'], ['role:demo']),
  maxSessionDurationSeconds: of(900, 3600, 43_200),
  externalId: of(undefined, 'an id that no caller gives'),
  maxTokenAgeSeconds: rarely(of(60, 600)),
});

const seconds = (later: number) => at(later).getTime() / 1000;

const question = fc.record({
  asker: of('token', 'token', 'op'),
  claims: fc.record({
    sub: of(...subjects),
    repository: of('site', 'shop', 'site', 'shop', 'other', ['site', 'shop'], 42),
    acr: of('high', 'low', ['high']),
    amr: of(['mfa', 'pwd'], 'mfa', ['pwd']),
    more: rarely(
      fc.oneof(
        of({ iss: `${issuer}/` }, { aud: 'other' }, { aud: ['a', 'credmint'] }, { cnf: { jkt: 'x' } }),
        of(-59, -60, -61, `${seconds(600)}`).map((exp) => ({ exp: typeof exp === 'string' ? exp : seconds(exp) })),
        of(-120, -700, 60, 61).map((iat) => ({ iat: seconds(iat) })),
        of(60, 61).map((nbf) => ({ nbf: seconds(nbf) })),
      ),
    ),
  }),
  header: rarely(of({ typ: 'logout+jwt' }, { crit: ['x'] }, { typ: 'at+jwt' })),
  operation: of('AssumeRole', 'AssumeRole', 'GetFederationToken'),
  account: of(undefined, 'aws', 'cos', 'authority', 'keyless'),
  role: of(...roles, demo, demo, `${demo}/..`, 'demo'),
  name: of('me', 'me', 'me', 'x', 'a-name-of-more-than-thirty-two-characters'),
  durationSeconds: rarely(of(1, 900, 3600, 3601, 43_200, 129_600)),
  policy: of(undefined, undefined, 'iam', 'cam'),
  ip: of('192.0.2.1', '198.51.100.1', '2001:db8::1', '::ffff:192.0.2.9'),
});

type Configuration = typeof configuration extends fc.Arbitrary<infer Value> ? Value : never;
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

const written = ({ grants, mode, trust, maxSessionDurationSeconds, externalId, maxTokenAgeSeconds }: Configuration) => {
  const key = { id: 'AKIDACCOUNT', secret: 'env:SECRET' };
  const jwt = { issuer, audience: 'credmint', jwks: 'env:JWKS', algorithms: ['ES256'] };
  return JSON.parse(
    JSON.stringify({
      accounts: {
        aws: { cloud: 'aws', endpoint: 'https://sts.example.test/', key },
        cos: { cloud: 'aws', endpoint: 'https://rgw.example.test/', key, federationRole: demo },
        keyless: {
          cloud: 'aws',
          endpoint: 'https://sts.example.test/',
          webIdentity: { token: 'issuer', audience: 'a' },
        },
        authority: { cloud: 'authority' },
      },
      issuer: { url: 'https://id.example.com', keys: ['env:EC'] },
      callers: {
        ci: { jwt: { ...jwt, mode, maxTokenAgeSeconds, claims: { repository: ['site', 'shop'] } } },
        odd: { jwt: { ...jwt, claims: { repository: '42' } } },
        op: { accessKey: { id: 'AKIDOP', secret: 'env:SECRET' } },
      },
      authority: {
        keys: ['env:RING'],
        accountIds: { aws: '123456789012' },
        roles: { demo: { trust, maxSessionDurationSeconds, externalId }, admin: { trust: ['*'] } },
      },
      grants: grants.map((one, index) => ({
        name: `grant-${index}`,
        references: { 'claims.sub': { allow: ':/' }, 'claims.repository': {}, sessionName: {} },
        ...one,
      })),
    }),
  );
};

const policyOf = ({ policy }: Question) => policy && policies[policy as 'iam' | 'cam'];

/** Whether the server gives credentials. */
const served = async (config: object, asked: Question, token: string, ec: string): Promise<boolean> => {
  const app = createApp({
    config: config as never,
    environment: { ...environment, EC: ec },
    startsAt: now,
    deps: { transport: cloudTransport(at(43_200)).transport },
  });
  const { operation, account, role, name, durationSeconds, ip } = asked;
  const subject = operation === 'AssumeRole' ? { roleArn: role, roleSessionName: name } : { name };
  const path = operation === 'AssumeRole' ? '/assumeRole' : '/getFederationToken';
  const body = JSON.stringify({ account, ...subject, durationSeconds, policy: policyOf(asked) });
  const host = 'x.example';
  const headers = { 'content-type': 'application/json' };
  const plain: HttpRequest = { method: 'POST', scheme: 'https', host, path, query: '', headers, body };
  const proven =
    asked.asker === 'token'
      ? { ...headers, authorization: `Bearer ${token}` }
      : sign(plain, { id: 'AKIDOP', secret: new Secret(environment.SECRET) }, { now, region: 'local', service: 'sts' })
          .headers;
  const event = httpApiEvent({ http: { method: 'POST', path, sourceIp: ip } }, proven);
  return replyOf(await app.handle({ ...event, rawPath: path, body })).status === 200;
};

/** Whether the command says so, and what it says. */
const explained = async (config: object, asked: Question, token: string, ec: string) => {
  const file = join(folder, 'credmint.config.json');
  writeFileSync(file, JSON.stringify(config));
  const { asker, operation, account, role, name, durationSeconds, ip } = asked;
  const policy = policyOf(asked);
  const policyFile = join(folder, 'policy.json');
  if (policy !== undefined) writeFileSync(policyFile, JSON.stringify(policy));
  let said = '';
  const args = [
    ...['--config', file, '--operation', operation, '--role', role, '--session-name', name, '--ip', ip],
    ...['--at', now.toISOString(), ...(asker === 'token' ? ['--token', token] : ['--caller', 'op'])],
    ...(account === undefined ? [] : ['--account', account]),
    ...(durationSeconds === undefined ? [] : ['--duration', String(durationSeconds)]),
    ...(policy === undefined ? [] : ['--policy', policyFile]),
  ];
  const write = (text: string) => {
    said += text;
  };
  const io = { clouds, stdout: { write }, stderr: { write }, environment: { ...environment, EC: ec } };
  return { isAllowed: (await explain.run(args, io)) === 0, said };
};

it('explains of a request what the server does', unhurried, async () => {
  const ec = ecPem('P-256');
  let allowed = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(configuration, question, async (configured, asked) => {
      const config = written(configured);
      const { more, ...claims } = asked.claims;
      const token = tokenOf(key, { ...claims, ...more }, asked.header);
      const { isAllowed, said } = await explained(config, asked, token, ec);
      expect([await served(config, asked, token, ec), said]).toEqual([isAllowed, said]);
      if (isAllowed) allowed++;
      else refused++;
    }),
    boundsOf(400),
  );
  // Neither answer may be rare, or little was compared.
  expect(Math.min(allowed, refused)).toBeGreaterThan(20);
});
