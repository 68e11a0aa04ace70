import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../lib/core/audit.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { allOperations, ciKey, createApp, demoRole } from '../support/app.ts';
import { awsAccount, cloudTransport } from '../support/cloud-transport.ts';
import { ecPem } from '../support/keyless-pair.ts';
import { issuer, newKey, now, tokenOf } from '../support/token-issuer.ts';

// What a record says, whole: what it leaves out nobody finds later, and what it says wrongly misleads.

const key = newKey();
const role = 'arn:aws:iam::123456789012:role/app';
const hourLater = new Date(now.getTime() + 3_600_000);
const identity =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ours</Arn>' +
  '<UserId>AIDAOURS</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

/** A token of one of the callers `ci`, `agent`, `lax` and `lax-agent`; the rule of a `lax` one is in audit mode. */
const tokenFor = (caller: string): string => tokenOf(key, { aud: caller, sub: `job of ${caller}`, team: 'blue' });

const open = () => {
  const jwt = (audience: string, more: object = {}) => ({ issuer, audience, jwks: 'env:JWKS', ...more });
  const lax = (audience: string) => jwt(audience, { mode: 'audit', claims: { team: 'red' } });
  const token = { audiences: ['https://*.example'], actors: ['agent', 'lax-agent'] };
  const strict = { mode: 'audit', acr: ['mfa'] };
  const cloud = cloudTransport(hourLater);
  const app = createApp({
    startsAt: now,
    config: {
      accounts: { aws: awsAccount(), authority: { cloud: 'authority' } },
      issuer: { url: 'https://id.example.test', keys: ['env:EC'] },
      callers: {
        ci: { accessKey: { id: ciKey.id, secret: 'env:CALLER' }, jwt: jwt('ci') },
        agent: { jwt: jwt('agent') },
        lax: { jwt: lax('lax') },
        'lax-agent': { jwt: lax('lax-agent') },
      },
      grants: [
        { name: 'own', callers: ['ci'], account: 'authority', operations: allOperations, roles: [demoRole] },
        { name: 'app', callers: ['ci'], account: 'aws', operations: allOperations, roles: [role], accepts: ['policy'] },
        { name: 'app-mfa', callers: ['lax'], account: 'aws', operations: allOperations, roles: [role], ...strict },
        {
          name: 'token',
          callers: ['ci'],
          account: 'issuer',
          operations: ['IssueToken'],
          claims: { team: ['blue'] },
          token,
        },
        { name: 'token-mfa', callers: ['lax'], account: 'issuer', operations: ['IssueToken'], token, ...strict },
        { name: 'read', callers: ['ci'], account: 'aws', operations: ['ReadLease', 'ListLeases'], leases: ['pay-*'] },
        {
          name: 'read-mfa',
          callers: ['lax'],
          account: 'aws',
          operations: ['ReadLease', 'ListLeases'],
          leases: ['**'],
          ...strict,
        },
      ],
      leases: { 'pay-1': { operation: 'AssumeRole', account: 'aws', role } },
    },
    environment: {
      JWKS: JSON.stringify({ keys: [key.jwk] }),
      ACCOUNT: 'the secret of the account',
      EC: ecPem('P-256'),
    },
    deps: {
      transport: async (request, ...rest) =>
        request.body.includes('Action=GetCallerIdentity')
          ? { status: 200, headers: { 'content-type': 'text/xml' }, body: identity }
          : cloud.transport(request, ...rest),
    },
  });
  const send = (method: string, path: string, headers: Readonly<Record<string, string>>, body = '') =>
    app.send({ method, scheme: 'https', host: 'credmint.example.com', path, query: '', headers, body });
  const form = (path: string, fields: Readonly<Record<string, string>>) =>
    send('POST', path, { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams(fields).toString());
  const jwtType = 'urn:ietf:params:oauth:token-type:jwt';
  return {
    app,
    get: (path: string, headers: Readonly<Record<string, string>>) => send('GET', path, headers),
    form,
    /** Reads or lists leases with a caller's token. */
    lease: (path: string, caller: string) => send('GET', path, { authorization: `Bearer ${tokenFor(caller)}` }),
    /** Asks the JSON API with a caller's token. */
    post: (path: string, caller: string, body: object) =>
      send(
        'POST',
        path,
        { 'content-type': 'application/json', authorization: `Bearer ${tokenFor(caller)}` },
        JSON.stringify(body),
      ),
    exchange: (caller: string, actor?: string) =>
      form('/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: tokenFor(caller),
        subject_token_type: jwtType,
        audience: 'https://a.example',
        ...(actor === undefined ? {} : { actor_token: tokenFor(actor), actor_token_type: jwtType }),
      }),
  };
};

type Opened = ReturnType<typeof open>;

/** The last record, without what differs from run to run; of its stages their names, in their order. */
const lastOf = ({ app }: Opened): object => {
  const { requestId, milliseconds, stages = {}, ...record } = app.records.at(-1) as AuditRecord;
  return { ...record, stages: Object.keys(stages) };
};

const recordOf = async (act: (opened: Opened) => Promise<unknown>): Promise<object> => {
  const opened = open();
  await act(opened);
  expect(opened.app.records).toHaveLength(1);
  return lastOf(opened);
};

const whole = ['parse', 'authenticate', 'authorize', 'mint', 'render'];
const undecided = ['parse', 'authenticate', 'render'];
const byKey = { scheme: 'sigv4', callerKeyId: ciKey.id, caller: 'ci', proof: 'accessKey' };
const byToken = (caller: string) => ({ caller, proof: 'jwt', issuer, subject: `job of ${caller}` });
const json = { time: now, dialect: 'json', outcome: 'Done' };
const oauth = { time: now, dialect: 'oauth', outcome: 'Done' };
const ecs = { time: now, dialect: 'ecs', outcome: 'Done', caller: 'ci', callerKeyId: ciKey.id, stages: undecided };
const minted = { accessKeyId: 'ASIA0000000000000001', expiration: hourLater, origin: 'minted' };
const aws = { account: 'aws', cloud: 'aws' };
const assumed = { operation: 'AssumeRole', role, sessionName: 'me', givenSessionName: 'me', durationSeconds: 3600 };
const asked = { account: 'aws', roleArn: role, roleSessionName: 'me' };
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

/** What the rule of a caller would have refused, and what a grant would have, if they were not in audit mode. */
const ofCaller = (caller: string) => {
  const saw = 'another text, of 4 characters';
  return { caller, clause: 'jwt.claims', expected: 'team: red', reason: 'ClaimMismatch', saw };
};
const ofGrant = (grant: string) => ({ grant, clause: 'acr', expected: 'mfa', reason: 'AcrTooLow', saw: 'absent' });

describe('the record of credentials', () => {
  it.each<[string, (opened: Opened) => Promise<unknown>, object]>([
    [
      'of a role',
      ({ app }) => app.ask('/assumeRole', { ...asked, durationSeconds: 900 }),
      {
        ...json,
        ...byKey,
        ...assumed,
        ...aws,
        ...minted,
        grant: 'app',
        askedDurationSeconds: 900,
        durationSeconds: 900,
      },
    ],
    [
      'of a federated user',
      ({ app }) => app.ask('/getFederationToken', { account: 'aws', name: 'bob', policy }),
      {
        ...json,
        ...byKey,
        ...aws,
        ...minted,
        operation: 'GetFederationToken',
        sessionName: 'bob',
        givenSessionName: 'bob',
        durationSeconds: 43_200,
        grant: 'app',
      },
    ],
    [
      'that a caller and a grant in audit mode would have been refused',
      ({ post }) => post('/assumeRole', 'lax', asked),
      {
        ...json,
        ...byToken('lax'),
        ...assumed,
        ...aws,
        ...minted,
        grant: 'app-mfa',
        claims: { acr: [] },
        auditOnlyViolations: [ofCaller('lax'), ofGrant('app-mfa')],
      },
    ],
  ])('%s says who asked for what, by which grant, and what was given', async (_what, act, record) => {
    expect(await recordOf(act)).toStrictEqual({ ...record, stages: whole });
  });

  it('that were given before says so', async () => {
    const opened = open();
    await opened.app.ask('/assumeRole', asked);
    await opened.app.ask('/assumeRole', asked);
    const said = { ...json, ...byKey, ...assumed, ...aws, ...minted, grant: 'app', stages: whole };
    expect(lastOf(opened)).toStrictEqual({ ...said, origin: 'kept' });
  });

  it('for an identity token says whose token it was', async () => {
    const asking = { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: demoRole };
    const token = { RoleSessionName: 'me', WebIdentityToken: tokenFor('ci') };
    expect(await recordOf(({ form }) => form('/', { ...asking, ...token }))).toStrictEqual({
      ...json,
      ...byToken('ci'),
      ...assumed,
      dialect: 'aws',
      operation: 'AssumeRoleWithWebIdentity',
      role: demoRole,
      grant: 'own',
      account: 'authority',
      cloud: 'authority',
      accessKeyId: expect.stringMatching(/^ASIA/),
      expiration: hourLater,
      origin: 'minted',
      stages: whole,
    });
  });
});

describe('the record of a question who a caller is', () => {
  const who = { ...json, operation: 'GetCallerIdentity' };

  it('needs no grant if it is about the caller itself', async () => {
    expect(await recordOf(({ app }) => app.ask('/getCallerIdentity', {}))).toStrictEqual({
      ...who,
      ...byKey,
      stages: undecided,
    });
  });

  it.each(['aws', 'authority'])('names the grant if it is about an account: %s', async (account) => {
    expect(await recordOf(({ app }) => app.ask('/getCallerIdentity', { account }))).toStrictEqual({
      ...who,
      ...byKey,
      account,
      cloud: account,
      grant: account === 'aws' ? 'app' : 'own',
      stages: whole,
    });
  });

  it('says what would have refused it', async () => {
    expect(await recordOf(({ post }) => post('/getCallerIdentity', 'lax', { account: 'aws' }))).toStrictEqual({
      ...who,
      ...byToken('lax'),
      ...aws,
      grant: 'app-mfa',
      auditOnlyViolations: [ofCaller('lax'), ofGrant('app-mfa')],
      stages: whole,
    });
  });

  it('names the caller that began the session by which it was asked', async () => {
    const opened = open();
    const { body } = await opened.app.ask('/assumeRole', { ...asked, account: 'authority', roleArn: demoRole });
    const { accessKeyId, secretAccessKey, sessionToken } = body.credentials;
    const session = { id: accessKeyId, secret: new Secret(secretAccessKey), token: new Secret(sessionToken) };
    const request = {
      method: 'POST',
      scheme: 'https',
      host: 'credmint.example.com',
      path: '/getCallerIdentity',
      query: '',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    } as const;
    await opened.app.send(sign(request, session, { now, region: 'local', service: 'credmint' }));
    const proven = { caller: 'session', proof: 'session', subject: 'ci', scheme: 'sigv4', callerKeyId: accessKeyId };
    expect(lastOf(opened)).toStrictEqual({ ...who, ...proven, stages: undecided });
  });
});

describe('the record of a lease', () => {
  const read = { ...json, ...aws, operation: 'ReadLease', lease: 'pay-1', outcome: 'LeaseNotFound' };
  const stages = whole.slice(0, -1);

  it('that is read says which it is, by which grant, and in which account', async () => {
    expect(await recordOf(({ lease }) => lease('/leases/pay-1', 'ci'))).toStrictEqual({
      ...read,
      ...byToken('ci'),
      grant: 'read',
      stages,
    });
    expect(await recordOf(({ lease }) => lease('/leases/pay-1', 'lax'))).toStrictEqual({
      ...read,
      ...byToken('lax'),
      grant: 'read-mfa',
      auditOnlyViolations: [ofCaller('lax'), ofGrant('read-mfa')],
      stages,
    });
  });

  it('that is listed says by which grant', async () => {
    const list = { ...json, operation: 'ListLeases', stages: whole };
    expect(await recordOf(({ lease }) => lease('/leases', 'ci'))).toStrictEqual({
      ...list,
      ...byToken('ci'),
      grant: 'read',
    });
    expect(await recordOf(({ lease }) => lease('/leases', 'lax'))).toStrictEqual({
      ...list,
      ...byToken('lax'),
      grant: 'read-mfa',
      auditOnlyViolations: [ofCaller('lax'), ofGrant('read-mfa')],
    });
  });
});

describe('the record of a token of our own issuer', () => {
  const issued = {
    ...oauth,
    operation: 'IssueToken',
    audiences: ['https://a.example'],
    account: 'issuer',
    cloud: 'issuer',
    durationSeconds: 300,
    tokenId: expect.any(String),
    expiration: new Date(now.getTime() + 300_000),
    stages: whole,
  };
  const strict = { ...issued, ...byToken('ci'), grant: 'token', tokenSubject: 'caller:ci', claims: { team: ['blue'] } };
  const lax = { ...issued, ...byToken('lax'), grant: 'token-mfa', tokenSubject: 'caller:lax', claims: { acr: [] } };
  const acting = (actor: string) => ({ actor, actorIssuer: issuer, actorSubject: `job of ${actor}` });
  const [laxCaller, laxActor, laxGrant] = [ofCaller('lax'), ofCaller('lax-agent'), ofGrant('token-mfa')];

  it.each<[caller: string, actor: string | undefined, object]>([
    ['ci', undefined, strict],
    ['ci', 'agent', { ...strict, ...acting('agent') }],
    ['ci', 'lax-agent', { ...strict, ...acting('lax-agent'), auditOnlyViolations: [laxActor] }],
    ['lax', undefined, { ...lax, auditOnlyViolations: [laxCaller, laxGrant] }],
    ['lax', 'agent', { ...lax, ...acting('agent'), auditOnlyViolations: [laxCaller, laxGrant] }],
    ['lax', 'lax-agent', { ...lax, ...acting('lax-agent'), auditOnlyViolations: [laxCaller, laxActor, laxGrant] }],
  ])('says for whom it is and who acts, and what audit mode let through: %s, %s', async (caller, actor, record) => {
    expect(await recordOf(({ exchange }) => exchange(caller, actor))).toStrictEqual(record);
  });
});

it('the records of a login, from its begin to its end and after, name its caller', async () => {
  const opened = open();
  const password = Buffer.from(`${ciKey.id}:${ciKey.secret}`).toString('base64');
  const { headers } = await opened.get('/login', { authorization: `Basic ${password}` });
  expect(lastOf(opened)).toStrictEqual({ ...ecs, operation: 'Login', proof: 'accessKey' });
  const token = { 'x-sds-auth-token': headers['x-sds-auth-token'] ?? '' };
  await opened.get('/user/whoami', token);
  expect(lastOf(opened)).toStrictEqual({ ...ecs, operation: 'GetCallerIdentity', proof: 'login' });
  await opened.get('/logout', token);
  expect(lastOf(opened)).toStrictEqual({ ...ecs, operation: 'Logout', proof: 'login' });
});

describe('the record of a request that fails', () => {
  it('ends with the stage in which it failed', async () => {
    expect(await recordOf(({ form }) => form('/', { Action: 'Nothing', Version: '2011-06-15' }))).toStrictEqual({
      ...json,
      dialect: 'aws',
      outcome: 'UnknownOperation',
      stages: ['parse'],
    });
    expect(await recordOf(({ get }) => get('/leases/pay-1', { authorization: 'Bearer x.y.z' }))).toStrictEqual({
      ...json,
      outcome: 'InvalidIdentityToken',
      operation: 'ReadLease',
      lease: 'pay-1',
      proofFault: 'TokenUnreadable',
      stages: ['parse', 'authenticate'],
    });
    expect(await recordOf(({ app }) => app.ask('/assumeRole', { ...asked, roleArn: demoRole }))).toStrictEqual({
      ...json,
      ...byKey,
      outcome: 'AccessDenied',
      operation: 'AssumeRole',
      role: demoRole,
      sessionName: 'me',
      reason: 'RoleNotGranted',
      trace: expect.any(Array),
      stages: ['parse', 'authenticate', 'authorize'],
    });
  });

  it('names the key that was shown in a password that proves nobody, and no scheme', async () => {
    const password = Buffer.from('AKIDSTRANGER:guessed').toString('base64');
    expect(await recordOf(({ get }) => get('/login', { authorization: `Basic ${password}` }))).toStrictEqual({
      time: now,
      dialect: 'ecs',
      operation: 'Login',
      outcome: 'UnknownKey',
      callerKeyId: 'AKIDSTRANGER',
      proofFault: 'KeyUnknown',
      stages: ['parse', 'authenticate'],
    });
  });
});
