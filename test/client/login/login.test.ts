import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserLogin } from '../../../lib/client/login/browser-login.ts';
import { type DevicePrompt, deviceLogin } from '../../../lib/client/login/device-login.ts';
import { discover } from '../../../lib/client/login/endpoints.ts';
import { loginToken } from '../../../lib/client/login/login-token.ts';
import { tokenFile } from '../../../lib/client/login/token-file.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { Transport } from '../../../lib/core/transport.ts';
import { nodeTransport } from '../../../lib/transport/node-http.ts';
import { clientErrorOf, fakeTransport, noDeadline } from '../../support/client.ts';
import { virtualClock } from '../../support/clock.ts';
import { type LoginProvider, openLoginProvider } from '../../support/login-provider.ts';
import { openBrowser } from '../../support/person-in-browser.ts';

const hour = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'credmint-login-'));
let provider: LoginProvider;
let issuer: string;

beforeAll(async () => {
  provider = await openLoginProvider();
  issuer = provider.issuer;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await provider.close();
});

const ada = { login: 'ada', password: 'any' };
const transport = nodeTransport();
const settings = () => ({ issuer, clientId: 'cli', scope: 'openid offline_access', token: 'id' }) as const;

/** What a login works with, by a clock that the test moves; and what was sent. */
const depsOf = (send: Transport = transport) => {
  const requests: HttpRequest[] = [];
  const clock = virtualClock(Date.now());
  return {
    requests,
    clock,
    attemptSignal: () => AbortSignal.timeout(60_000),
    transport: ((request, signal) => {
      requests.push(request);
      return send(request, signal);
    }) satisfies Transport,
  };
};

const endpoints = () => discover(issuer, transport, noDeadline());

const browse = async (visit: (url: URL) => Promise<unknown>) => {
  const deps = depsOf();
  let visited: Promise<unknown> = Promise.resolve();
  const tokens = await browserLogin(await endpoints(), settings(), {
    ...deps,
    random: () => randomBytes(32).toString('base64url'),
    openPage: (url) => {
      visited = visit(url);
    },
    signal: AbortSignal.timeout(60_000),
  });
  await visited;
  return { tokens, requests: deps.requests };
};

/** The claims of an ID token, as the server that it is shown to verifies it. */
const verified = async (token = '') => {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return (await jwtVerify(token, keys, { issuer, audience: 'cli' })).payload;
};

describe('a login by device', () => {
  const login = async (act: (prompt: DevicePrompt) => Promise<unknown>) => {
    const deps = depsOf();
    let prompted: DevicePrompt | undefined;
    const outcome = deviceLogin(await endpoints(), settings(), deps, (prompt) => {
      prompted = prompt;
    }).catch((thrown: unknown) => thrown);
    await expect.poll(() => prompted).toBeDefined();
    const result = { isOver: false };
    void outcome.then(() => {
      result.isOver = true;
    });
    // The first question comes before the person is done.
    await deps.clock.pass(5_000);
    await act(prompted as DevicePrompt);
    await expect.poll(() => deps.clock.pass(10_000).then(() => result.isOver), { timeout: 15_000 }).toBe(true);
    return { outcome: await outcome, requests: deps.requests };
  };

  it('waits until the person has entered the code elsewhere', async () => {
    const { outcome } = await login((prompt) => openBrowser().visit(prompt.completeUrl ?? '', ada));

    expect(await verified((outcome as { idToken?: string }).idToken)).toMatchObject({ sub: 'ada' });
  });

  it('ends when the code has ended', async () => {
    const { outcome } = await login(async () => undefined);

    expect(outcome).toMatchObject({ code: 'LoginRefused', message: expect.stringContaining('expired_token') });
  });

  it('asks less often when it is told to slow down, and ends when it is refused', async () => {
    const errors = ['authorization_pending', 'slow_down', 'authorization_pending', 'access_denied'];
    const { transport: send } = fakeTransport(({ path }) =>
      path === '/device'
        ? {
            body: JSON.stringify({
              device_code: 'd',
              user_code: 'A\u001b[2J-B',
              verification_uri: 'https://i.example/enter',
              expires_in: 600,
              interval: 2,
            }),
          }
        : { status: 400, body: JSON.stringify({ error: errors.shift() }) },
    );
    const deps = depsOf(send);
    const url = (path: string) => new URL(path, 'https://i.example');
    const times: number[] = [];
    const start = deps.clock.now().getTime();
    let shown = '';
    const outcome = deviceLogin(
      { issuer: 'https://i.example', token: url('/token'), deviceAuthorization: url('/device') },
      settings(),
      {
        ...deps,
        transport: (request, signal) => {
          if (request.path === '/token') times.push(deps.clock.now().getTime() - start);
          return deps.transport(request, signal);
        },
      },
      ({ userCode }) => {
        shown = userCode;
      },
    ).catch((thrown: unknown) => thrown);
    await deps.clock.pass(60_000);

    expect(await outcome).toMatchObject({ code: 'LoginRefused', message: expect.stringContaining('access_denied') });
    expect(times).toEqual([2_000, 4_000, 11_000, 18_000]);
    expect(shown).toBe('A2J-B');
  });
});

describe('a login by browser', () => {
  it('brings tokens, by a proof that only this process has', async () => {
    const { tokens, requests } = await browse((url) => openBrowser().visit(url, ada));

    expect(await verified(tokens.idToken)).toMatchObject({ sub: 'ada' });
    expect(requests.at(-1)?.body).toMatch(/code_verifier=[\w-]{43}/);
  });

  it('passes over callbacks that are not its own', async () => {
    const { tokens } = await browse(async (url) => {
      const redirect = url.searchParams.get('redirect_uri') ?? '';
      const state = url.searchParams.get('state') ?? '';
      const strangers = [
        `?code=x&state=forged`,
        `?code=x&state=${state}&iss=https%3A%2F%2Fevil.example`,
        `?state=${state}`,
      ];
      for (const query of strangers) expect((await fetch(redirect + query)).status).toBe(404);
      // What a page can ask for and is no path.
      expect((await fetch(`${new URL(redirect).origin}//`)).status).toBe(404);
      return openBrowser().visit(url, ada);
    });

    expect(tokens.refreshToken).toBeDefined();
  });

  it('is refused if the person refuses', async () => {
    const refused = browse((url) => {
      const redirect = url.searchParams.get('redirect_uri');
      return fetch(`${redirect}?error=access_denied&state=${url.searchParams.get('state')}`);
    });

    await expect(refused).rejects.toMatchObject({ code: 'LoginRefused' });
  });
});

describe('the tokens of a login', () => {
  const fileOf = (name: string, deps: ReturnType<typeof depsOf>) =>
    tokenFile(join(folder, name), settings(), deps.clock);

  const loggedIn = async (name: string) => {
    const { tokens } = await browse((url) => openBrowser().visit(url, ada));
    const deps = depsOf();
    const file = fileOf(name, deps);
    await file.write(tokens);
    return { deps, file };
  };

  it('are kept where their owner alone can read them', async () => {
    const { file } = await loggedIn('private');

    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'private')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'private'))).toHaveLength(1);
  });

  it('are not taken from a file that others can read', async () => {
    const { deps, file } = await loggedIn('public');
    chmodSync(file.path, 0o644);

    expect(await clientErrorOf(() => loginToken(settings(), file, deps))).toMatchObject({ fault: 'usage' });
  });

  it('are used without asking anybody until they are about to end, and then renewed', async () => {
    const { deps, file } = await loggedIn('renewed');
    const first = await loginToken(settings(), file, deps);
    await deps.clock.pass(hour / 2);
    expect((await loginToken(settings(), file, deps)).reveal()).toBe(first.reveal());
    expect(deps.requests).toEqual([]);

    await deps.clock.pass(hour / 2 - 30_000);
    const { reply, asked } = await renewedBy(deps, file);
    expect(await verified(reply)).toMatchObject({ sub: 'ada' });
    expect(asked).toBe(1);
  });

  /** Renews as two processes would at once. */
  const renewedBy = async (deps: ReturnType<typeof depsOf>, file: ReturnType<typeof fileOf>) => {
    const both = Promise.all([loginToken(settings(), file, deps), loginToken(settings(), file, deps)]);
    const done = { isOver: false };
    const end = () => {
      done.isOver = true;
    };
    both.then(end, end);
    await expect.poll(() => deps.clock.pass(50).then(() => done.isOver)).toBe(true);
    const [one, other] = await both;
    expect(one.reveal()).toBe(other.reveal());
    return { reply: one.reveal(), asked: deps.requests.filter(({ path }) => path === '/token').length };
  };

  it('are asked for again if the issuer renews them no more', async () => {
    const { deps, file } = await loggedIn('ended');
    const kept = await file.read();
    await file.write({ ...(kept ?? { accessToken: '' }), refreshToken: 'forgotten' });
    await deps.clock.pass(hour);

    expect(await clientErrorOf(() => loginToken(settings(), file, deps))).toMatchObject({ code: 'NotLoggedIn' });
  });
});

describe('an issuer', () => {
  it.each([
    [
      'of another name',
      { issuer: 'https://evil.example', token_endpoint: 'https://i.example/token' },
      'IssuerMismatch',
    ],
    ['without a token endpoint', { issuer: 'https://i.example' }, 'IssuerIncomplete'],
    [
      'whose endpoint is not private',
      { issuer: 'https://i.example', token_endpoint: 'http://i.example/' },
      'InvalidSettings',
    ],
  ])('is refused: one %s', async (_, document, code) => {
    const { transport: send } = fakeTransport(() => ({ body: JSON.stringify(document) }));

    expect(await clientErrorOf(() => discover('https://i.example', send, noDeadline()))).toMatchObject({ code });
  });
});
