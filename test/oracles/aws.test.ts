import { Sha256 } from '@aws-crypto/sha256-js';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { ciKey, createApp, type LaptopApp, openLaptopApp } from '../support/app.ts';

let app: LaptopApp;
const clients: STSClient[] = [];

beforeAll(async () => {
  app = await openLaptopApp();
});
afterEach(() => {
  app.skewMs = 0;
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => app.close());

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const local = (): Key => ({ accessKeyId: app.access.accessKey.id, secretAccessKey: app.access.accessKey.secret });
const triadOf = (credentials: Credentials | undefined): Key => ({
  accessKeyId: credentials?.AccessKeyId ?? '',
  secretAccessKey: credentials?.SecretAccessKey ?? '',
  sessionToken: credentials?.SessionToken ?? '',
});

const client = (credentials = local(), changes: Partial<STSClientConfig> = {}): STSClient => {
  const one = new STSClient({ endpoint: app.url, region: 'us-east-1', credentials, maxAttempts: 1, ...changes });
  clients.push(one);
  return one;
};
const role = () => app.access.roles['aws'] ?? '';
const demo = (more: object = {}) => new AssumeRoleCommand({ RoleArn: role(), RoleSessionName: 'me', ...more });

/** As much of what the SDK throws as people look at. */
const failure = async (act: Promise<unknown>) => {
  try {
    await act;
  } catch (thrown) {
    const { name, message, $metadata, $fault } = thrown as Error & {
      $metadata: { requestId?: string; httpStatusCode?: number };
      $fault?: string;
    };
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    return { name, message, status: $metadata.httpStatusCode, fault: $fault };
  }
  throw new Error('It was allowed.');
};

describe("the AWS SDK's STS client", () => {
  it('assumes a role, and is somebody else then', async () => {
    const { Credentials, AssumedRoleUser, $metadata } = await client().send(demo({ DurationSeconds: 900 }));
    expect(Credentials).toMatchObject({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^.{40}$/),
      SessionToken: expect.any(String),
    });
    const lasts = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    expect(lasts).toBeGreaterThan(890_000);
    expect(lasts).toBeLessThanOrEqual(900_000);
    expect(AssumedRoleUser?.Arn).toMatch(/^arn:aws:sts::\d{12}:assumed-role\/demo\/me$/);
    expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA\w{17}:me$/);
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const identity = await client(triadOf(Credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Arn: AssumedRoleUser?.Arn,
      UserId: AssumedRoleUser?.AssumedRoleId,
      Account: expect.stringMatching(/^\d{12}$/),
    });
  });

  it('gets what AWS gives where it asks for no duration', async () => {
    const lasts = async (credentials: Promise<{ Credentials?: Credentials | undefined }>) =>
      Math.round((((await credentials).Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 1000 / 10) * 10;
    expect(await lasts(client().send(demo()))).toBe(3600);
    expect(await lasts(client().send(new GetSessionTokenCommand({})))).toBe(43_200);
    expect(await lasts(client().send(new GetFederationTokenCommand({ Name: 'bob' })))).toBe(43_200);
  });

  it('says everything that can be said to AssumeRole', async () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const { PackedPolicySize, SourceIdentity } = await client().send(
      demo({
        Policy: JSON.stringify(policy),
        ExternalId: 'a:b/c',
        SourceIdentity: 'ada',
        Tags: [{ Key: 'team + co', Value: 'データ' }],
        TransitiveTagKeys: ['team + co'],
      }),
    );
    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(PackedPolicySize).toBeLessThanOrEqual(100);
    expect(SourceIdentity).toBe('ada');
  });

  it('gets a federation token', async () => {
    const { Credentials, FederatedUser } = await client().send(
      new GetFederationTokenCommand({ Name: 'bob', DurationSeconds: 129_600 }),
    );
    expect(FederatedUser?.Arn).toMatch(/^arn:aws:sts::\d{12}:federated-user\/bob$/);
    expect(FederatedUser?.FederatedUserId).toMatch(/^\d{12}:bob$/);
    const identity = await client(triadOf(Credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(FederatedUser?.Arn);
  });

  it('gets a session token, and is still who it was', async () => {
    const { Credentials } = await client().send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    const before = await client().send(new GetCallerIdentityCommand({}));
    const later = await client(triadOf(Credentials)).send(new GetCallerIdentityCommand({}));
    expect([later.Arn, later.UserId]).toEqual([before.Arn, before.UserId]);
    expect(before.Arn).toMatch(/^arn:aws:iam::\d{12}:user\/local$/);
  });

  it('shows an identity token, unsigned', async () => {
    const answer = await client().send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: role(),
        RoleSessionName: 'web',
        WebIdentityToken: app.access.token,
      }),
    );
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'local',
      Audience: 'credmint',
      Provider: app.url,
      AssumedRoleUser: { Arn: expect.stringMatching(/assumed-role\/demo\/web$/) },
    });
    const identity = await client(triadOf(answer.Credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(answer.AssumedRoleUser?.Arn);
  });

  it('goes from role to role, for an hour at the most', async () => {
    const { Credentials: first } = await client().send(demo({ SourceIdentity: 'ada' }));
    const session = client(triadOf(first));
    const {
      Credentials: second,
      AssumedRoleUser,
      SourceIdentity,
    } = await session.send(demo({ RoleSessionName: 'on' }));
    expect(AssumedRoleUser?.Arn).toMatch(/assumed-role\/demo\/on$/);
    expect(SourceIdentity).toBe('ada');
    const identity = await client(triadOf(second)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(AssumedRoleUser?.Arn);
    expect(await failure(session.send(demo({ DurationSeconds: 3601 })))).toMatchObject({ name: 'ValidationError' });
  });
});

describe('a refusal, as the AWS SDK surfaces it', () => {
  it('is InvalidClientTokenId for a key that nobody has', async () => {
    const refused = failure(client({ ...local(), accessKeyId: 'AKIDNOBODY' }).send(demo()));
    expect(await refused).toMatchObject({ name: 'InvalidClientTokenId', status: 403, fault: 'client' });
  });

  it('is SignatureDoesNotMatch for a wrong secret', async () => {
    const refused = failure(client({ ...local(), secretAccessKey: 'wrong' }).send(demo()));
    expect(await refused).toMatchObject({ name: 'SignatureDoesNotMatch', status: 403 });
  });

  it('is InvalidClientTokenId for a token that was tampered with, or of another triad', async () => {
    const [one, two] = await Promise.all([client().send(demo()), client().send(demo())]);
    const [first, second] = [triadOf(one.Credentials), triadOf(two.Credentials)];
    const touched = `${first.sessionToken?.slice(0, -4)}AAAA`;
    const ask = (key: Key) => failure(client(key).send(new GetCallerIdentityCommand({})));
    for (const key of [
      { ...first, sessionToken: touched },
      { ...first, sessionToken: second.sessionToken ?? '' },
      { ...first, accessKeyId: second.accessKeyId },
      { ...local(), sessionToken: first.sessionToken ?? '' },
    ]) {
      expect(await ask(key)).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
    }
    const mixed = { ...first, secretAccessKey: second.secretAccessKey };
    expect(await ask(mixed)).toMatchObject({ name: 'SignatureDoesNotMatch' });
    const { sessionToken: _, ...tokenless } = first;
    expect(await ask(tokenless)).toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('is ExpiredToken for a triad whose time is over', async () => {
    const { Credentials } = await client().send(demo({ DurationSeconds: 900 }));
    app.skewMs = 901_000;
    const late = client(triadOf(Credentials), { systemClockOffset: app.skewMs } as object);
    expect(await failure(late.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'ExpiredToken',
      status: 403,
    });
  });

  it.each([-16 * 60_000, 16 * 60_000])('is SignatureDoesNotMatch for a clock %i ms off', async (skew) => {
    app.skewMs = skew;
    expect(await failure(client().send(demo()))).toMatchObject({
      name: 'SignatureDoesNotMatch',
      status: 403,
      message: expect.stringMatching(/^Signature (expired|not yet current)/),
    });
  });

  it.each([-16 * 60_000, 16 * 60_000])(
    'is mended by the SDK itself for a clock %i ms off, where it may retry',
    async (skew) => {
      app.skewMs = skew;
      const { Credentials } = await client(local(), { maxAttempts: 3 }).send(demo());
      expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + skew + 3_500_000);
      expect(app.records.slice(-2).map(({ outcome }) => outcome)).toEqual(['RequestExpired', 'Done']);
    },
  );

  it('is AccessDenied for a role that is not there, as STS has it', async () => {
    const refused = failure(client().send(demo({ RoleArn: `${role()}s` })));
    expect(await refused).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(app.records.at(-1)?.outcome).toBe('RoleNotFound');
  });

  it('is AccessDenied for long-term operations with a temporary triad', async () => {
    const { Credentials } = await client().send(demo());
    const session = client(triadOf(Credentials));
    for (const command of [new GetSessionTokenCommand({}), new GetFederationTokenCommand({ Name: 'bob' })]) {
      expect(await failure(session.send(command as GetSessionTokenCommand))).toMatchObject({
        name: 'AccessDenied',
        status: 403,
      });
    }
  });

  it.each([
    ['{', 'MalformedPolicyDocumentException'],
    ['{"Version":"2012-10-17"}', 'MalformedPolicyDocumentException'],
    ['{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}', 'MalformedPolicyDocumentException'],
    [JSON.stringify({ Version: '2012-10-17', Id: 'a'.repeat(2048) }), 'PackedPolicyTooLargeException'],
  ])('is of the SDK’s own class for the policy %.30s', async (Policy, name) => {
    expect(await failure(client().send(demo({ Policy })))).toMatchObject({ name, status: 400 });
    const federation = new GetFederationTokenCommand({ Name: 'bob', Policy });
    expect(await failure(client().send(federation))).toMatchObject({ name, status: 400 });
  });

  it.each([
    ['too long', { DurationSeconds: 43_201 }],
    ['too short', { DurationSeconds: 899 }],
    ['negative', { DurationSeconds: -1 }],
    ['a broken number', { DurationSeconds: 900.5 }],
    ['a short name', { RoleSessionName: 'a' }],
    ['a long name', { RoleSessionName: 'a'.repeat(65) }],
    ['a strange name', { RoleSessionName: 'a b' }],
    ['no name', { RoleSessionName: undefined }],
    ['no role', { RoleArn: undefined }],
    ['a short role', { RoleArn: 'arn' }],
    [
      'two tags of one name',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
    ],
    ['managed policies', { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] }],
  ])('is ValidationError for %s', async (_name, more) => {
    expect(await failure(client().send(demo(more)))).toMatchObject({ name: 'ValidationError', status: 400 });
  });

  it('is InvalidIdentityToken or ExpiredTokenException for an identity token', async () => {
    const web = (WebIdentityToken: string) =>
      failure(
        client().send(
          new AssumeRoleWithWebIdentityCommand({ RoleArn: role(), RoleSessionName: 'web', WebIdentityToken }),
        ),
      );
    const name = 'InvalidIdentityTokenException';
    expect(await web('a.b.c')).toMatchObject({ name, status: 400 });
    const [head, body, signature = ''] = app.access.token.split('.');
    const touched = `${signature.slice(0, -2)}${signature.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(await web(`${head}.${body}.${touched}`)).toMatchObject({ name, status: 400 });
    app.skewMs = 8 * 24 * 3600 * 1000;
    expect(await web(app.access.token)).toMatchObject({ name: 'ExpiredTokenException', status: 400 });
  });
});

describe('a request that no SDK would make', () => {
  const raw = async (body: string, key: Key | undefined, headers: object = {}) => {
    const url = new URL(app.url);
    const type = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
    const unsigned = new HttpRequest({
      method: 'POST',
      protocol: 'http:',
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      headers: { ...type, host: url.host },
      body,
    });
    const signer = key && new SignatureV4({ service: 'sts', region: 'us-east-1', sha256: Sha256, credentials: key });
    const { host: _, ...sent } = signer === undefined ? unsigned.headers : (await signer.sign(unsigned)).headers;
    const answer = await fetch(app.url, { method: 'POST', headers: sent, body });
    const text = await answer.text();
    return {
      status: answer.status,
      code: /<Code>(\w+)<\/Code>/.exec(text)?.[1],
      type: /<Type>(\w+)<\/Type>/.exec(text)?.[1],
      id: [
        /<RequestId>([^<]+)</.exec(text)?.[1],
        answer.headers.get('x-amzn-requestid'),
        answer.headers.get('x-request-id'),
      ],
    };
  };

  it.each([
    ['an unknown Action', 'Action=MintMoney&Version=2011-06-15', 'InvalidAction'],
    ['no Action', 'Version=2011-06-15', 'MissingAction'],
    ['another Version', 'Action=GetCallerIdentity&Version=2010-05-08', 'InvalidAction'],
    ['a parameter twice', 'Action=GetCallerIdentity&Action=AssumeRole&Version=2011-06-15', 'MalformedQueryString'],
    ['escapes that are not UTF-8', 'Action=%ff&Version=2011-06-15', 'MalformedQueryString'],
    [
      'too many parameters',
      `Version=2011-06-15&${Array.from({ length: 600 }, (_, index) => `a${index}=`).join('&')}`,
      'MalformedQueryString',
    ],
  ])('is told so in full: %s', async (_name, body, code) => {
    const answer = await raw(body, local());
    expect(answer).toMatchObject({ code, type: 'Sender' });
    expect(new Set(answer.id).size).toBe(1);
  });

  it('is told that it proves nobody', async () => {
    const answer = await raw('Action=GetCallerIdentity&Version=2011-06-15', undefined);
    expect(answer).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' });
    const half = await raw('Action=GetCallerIdentity&Version=2011-06-15', undefined, {
      authorization: 'AWS4-HMAC-SHA256 x',
    });
    expect(half).toMatchObject({ status: 400, code: 'IncompleteSignature' });
  });
});

describe('a role that does not trust the caller', () => {
  it('is AccessDenied, and so is one that asks for an external id', async () => {
    const other = createApp({
      config: {
        accounts: { authority: { cloud: 'authority' } },
        authority: {
          keys: ['env:SEALING'],
          accountIds: { aws: '123456789012' },
          roles: {
            closed: { trust: ['somebody-else'] },
            partner: { trust: ['ci'], externalId: 'four-eyes' },
            short: { trust: ['ci'], maxSessionDurationSeconds: 900 },
          },
        },
      },
      environment: { SEALING: 'x'.repeat(32) },
    });
    const ask = async (parameters: string) => {
      const request = {
        method: 'POST',
        scheme: 'https',
        host: 'sts.example.com',
        path: '/',
        query: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `Action=AssumeRole&Version=2011-06-15&RoleSessionName=me&${parameters}`,
      } as const;
      const key = { id: ciKey.id, secret: new Secret(ciKey.secret) };
      const signed = sign(request, key, { now: other.now(), region: 'us-east-1', service: 'sts' });
      const { status, text } = await other.send(signed);
      return [status, /<Code>(\w+)<\/Code>/.exec(text)?.[1]];
    };
    const arn = (name: string) => `RoleArn=${encodeURIComponent(`arn:aws:iam::123456789012:role/${name}`)}`;
    expect(await ask(arn('closed'))).toEqual([403, 'AccessDenied']);
    expect(await ask(arn('partner'))).toEqual([403, 'AccessDenied']);
    expect(await ask(`${arn('partner')}&ExternalId=four-eyes`)).toEqual([200, undefined]);
    expect(await ask(arn('short'))).toEqual([200, undefined]);
    expect(await ask(`${arn('short')}&DurationSeconds=901`)).toEqual([400, 'ValidationError']);
  });
});
