import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { sealSecret } from '../../../lib/config/sealed-secret.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { keyring } from '../../../lib/stores/seal/keyring.ts';
import { nodeTransport } from '../../../lib/transport/node-http.ts';
import { type ServedApp, serveApp } from '../../support/app.ts';
import { configFaults } from '../../support/expect-refusal.ts';
import { schemes } from '../../support/sign-requests.ts';

const material = 'm'.repeat(32);
const older = 'o'.repeat(32);
const sealed = sealSecret(keyring(new Secret(material)), 'AKIDSEALED', new Secret('sealed secret'));
const expires = new Date(Math.floor(Date.now() / 1000) * 1000 + 3600_000);

const secrets = {
  AKIDFIRST: 'first secret',
  AKIDSECOND: 'second secret',
  AKIDDISABLED: 'disabled secret',
  AKIDEXPIRING: 'expiring secret',
  AKIDSEALED: 'sealed secret',
} as const;
type Id = keyof typeof secrets;

const callers = {
  ci: {
    accessKey: [
      { id: 'AKIDFIRST', secret: 'env:FIRST' },
      { id: 'AKIDSECOND', secret: 'env:SECOND' },
      { id: 'AKIDDISABLED', secret: 'env:DISABLED', disabled: true },
      { id: 'AKIDEXPIRING', secret: 'env:EXPIRING', expires: expires.toISOString() },
      { id: 'AKIDSEALED', secret: sealed },
    ],
  },
};
const environment = {
  FIRST: secrets.AKIDFIRST,
  SECOND: secrets.AKIDSECOND,
  DISABLED: secrets.AKIDDISABLED,
  EXPIRING: secrets.AKIDEXPIRING,
  SEAL: material,
  OLDER: older,
};

let app: ServedApp;
const transport = nodeTransport();

beforeAll(async () => {
  app = await serveApp({ config: { callers, seal: { keys: ['env:SEAL'] } }, environment });
});
afterAll(() => app.close());

const send = async (request: HttpRequest) => {
  const response = await transport(request, AbortSignal.timeout(60_000));
  return { status: response.status, body: response.body, record: app.records.at(-1) };
};

describe.each(schemes)('a key in the words of $name', ({ signed }) => {
  let moment = 0;
  // A second for each, so that no two have one nonce.
  const ask = (id: string, secret: string) =>
    send(signed(app.url, { id, secret: new Secret(secret) }, new Date(Date.now() + app.skewMs - moment++ * 1000)));

  it.each(['AKIDFIRST', 'AKIDSECOND', 'AKIDEXPIRING', 'AKIDSEALED'] satisfies Id[])(
    'counts where it is active: %s',
    async (id) => {
      expect((await ask(id, secrets[id])).record).toMatchObject({ outcome: 'Done', caller: 'ci', callerKeyId: id });
    },
  );

  it('is not known where it is disabled, has expired, or never was', async () => {
    const disabled = await ask('AKIDDISABLED', secrets.AKIDDISABLED);
    expect(disabled.record).toMatchObject({ outcome: 'UnknownKey', proofFault: 'KeyDisabled' });
    app.skewMs = 3600_000;
    const expired = await ask('AKIDEXPIRING', secrets.AKIDEXPIRING);
    app.skewMs = 0;
    expect(expired.record).toMatchObject({ outcome: 'UnknownKey', proofFault: 'KeyExpired' });
    const unknown = await ask('AKIDNOBODYS', 'any');
    expect(unknown.record).toMatchObject({ outcome: 'UnknownKey', proofFault: 'KeyUnknown' });
    // A stranger is told the same of all three.
    const told = [disabled, expired, unknown].map(({ status, body }) => [
      status,
      body.replace(/[0-9a-f-]{36}/, 'id').replace(/AKID[A-Z]+/, 'key'),
    ]);
    expect(told).toEqual([told[0], told[0], told[0]]);
  });

  it("does not count with another key's secret", async () => {
    expect((await ask('AKIDFIRST', secrets.AKIDSECOND)).record).toMatchObject({ outcome: 'SignatureMismatch' });
    expect((await ask('AKIDSEALED', sealed)).record).toMatchObject({ outcome: 'SignatureMismatch' });
  });
});

describe('a key by its two halves', () => {
  const login = (id: Id) =>
    send({
      method: 'GET',
      scheme: 'http',
      host: new URL(app.url).host,
      path: '/login',
      query: '',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secrets[id]}`).toString('base64')}` },
      body: '',
    });

  it('counts and ends as it does for signatures', async () => {
    expect((await login('AKIDSEALED')).record).toMatchObject({ outcome: 'Done', caller: 'ci' });
    expect((await login('AKIDDISABLED')).record).toMatchObject({ outcome: 'UnknownKey', proofFault: 'KeyDisabled' });
    app.skewMs = 3600_000;
    expect((await login('AKIDEXPIRING')).record).toMatchObject({ outcome: 'UnknownKey', proofFault: 'KeyExpired' });
    app.skewMs = 0;
  });

  it('takes its logins with it', async () => {
    const response = await transport(
      {
        method: 'GET',
        scheme: 'http',
        host: new URL(app.url).host,
        path: '/login',
        query: '',
        headers: { authorization: `Basic ${Buffer.from(`AKIDEXPIRING:${secrets.AKIDEXPIRING}`).toString('base64')}` },
        body: '',
      },
      AbortSignal.timeout(60_000),
    );
    const token = response.headers['x-sds-auth-token'] ?? '';
    const use = () =>
      send({
        method: 'POST',
        scheme: 'http',
        host: new URL(app.url).host,
        path: '/sts',
        query: 'Action=AssumeRole&RoleArn=arn:aws:iam::123456789012:role/demo&RoleSessionName=me',
        headers: { 'x-sds-auth-token': token },
        body: '',
      });
    expect((await use()).record).toMatchObject({ caller: 'ci', proof: 'login' });
    app.skewMs = 3600_000;
    expect((await use()).record).toMatchObject({ outcome: 'InvalidToken', proofFault: 'KeyExpired' });
    app.skewMs = 0;
  });
});

describe('a sealed secret', () => {
  const faultsOf = (accessKey: object, seal?: object): string =>
    configFaults(() =>
      readConfig({ callers: { ci: { accessKey } }, ...(seal && { seal }) }, { folder: '/nowhere', environment }),
    ).join('\n');

  it('opens under a key that is no longer the current one', () => {
    expect(faultsOf({ id: 'AKIDSEALED', secret: sealed }, { keys: ['env:OLDER', 'env:SEAL'] })).toBe('');
  });

  it('opens beside its own id only, and under its own keys only', () => {
    expect(faultsOf({ id: 'AKIDOTHER', secret: sealed }, { keys: ['env:SEAL'] })).toContain(
      'callers.ci.accessKey.secret: does not open',
    );
    expect(faultsOf({ id: 'AKIDSEALED', secret: sealed }, { keys: ['env:OLDER'] })).toContain('does not open');
    expect(faultsOf({ id: 'AKIDSEALED', secret: sealed })).toContain('is sealed, but the configuration has no `seal`');
    expect(faultsOf({ id: 'AKIDSEALED', secret: `${sealed}A` }, { keys: ['env:SEAL'] })).toContain('does not open');
    expect(faultsOf({ id: 'AKIDSEALED', secret: sealed }, { keys: ['env:FIRST'] })).toContain(
      'seal.keys.0: must refer to at least 32 characters',
    );
  });

  it('is the only secret that may stand in the file', () => {
    expect(faultsOf({ id: 'AKID', secret: 'plain' })).toContain('callers.ci.accessKey');
    expect(faultsOf({ id: 'AKID', secret: 'plain' })).not.toContain('plain');
  });
});
