import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { type CallerProcess, callerProcess } from '../support/caller-process.ts';
import { openLoginProvider } from '../support/login-provider.ts';
import { openBrowser } from '../support/person-in-browser.ts';
import { record } from '../support/store-recorder.ts';

let app: LaptopApp;
let caller: CallerProcess;
let aws: readonly string[];

beforeAll(async () => {
  app = await openLaptopApp();
  caller = callerProcess(app);
  aws = ['--account', 'aws', '--role', app.access.roles['aws'] ?? ''];
});
afterAll(async () => {
  caller.close();
  await app.close();
});

/** `credmint get` where nothing but a profile says anything. */
const withProfile = async (profile: object, environment: Readonly<Record<string, string>> = {}) => {
  const somebody = callerProcess();
  const folder = join(somebody.home, 'config', 'credmint');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ profiles: { default: profile } }));
  try {
    return await somebody.run(['get'], environment);
  } finally {
    somebody.close();
  }
};

describe('credmint leases', { timeout: 60_000 }, () => {
  it('lists the leases of a server in words, and as JSON', async () => {
    await app.keepFresh();
    const words = await caller.run(['leases']);
    expect(words).toMatchObject({ code: 0, stderr: '' });
    expect(words.stdout.split('\n')).toEqual([
      expect.stringMatching(/^NAME +ACCOUNT +STATE +EXPIRES +NEXT REFRESH +TROUBLE$/),
      expect.stringMatching(/^demo +aws +fresh +in \d+ min +in \d+ min$/),
      '',
    ]);
    const json = await caller.run(['leases', '--json']);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject([{ name: 'demo', account: 'aws', state: 'fresh', failures: 0 }]);
  });

  it('says why there is no list', async () => {
    const refused = await caller.run(['leases'], { CREDMINT_TOKEN: 'nobody' });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^credmint: InvalidIdentityToken: /);
    const gone = await caller.run(['leases'], { CREDMINT_URL: 'http://127.0.0.1:9' });
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringContaining('ServerUnreachable') });
  });
});

describe('credmint get', { timeout: 60_000 }, () => {
  it('prints credentials in a format of the API', async () => {
    const { code, stdout, stderr } = await caller.run(['get', ...aws, '--format', 'aws-container']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: expect.stringMatching(/^ASIA/), Token: expect.anything() });
  });

  it('proves itself by the access key of a profile, which goes nowhere', async () => {
    const { accessKey } = app.access;
    const { code, stdout } = await withProfile(
      { server: app.url, account: 'aws', role: aws[3], proof: { accessKey: { id: accessKey.id, secret: 'env:S' } } },
      { S: accessKey.secret },
    );

    expect(code).toBe(0);
    expect(stdout).not.toContain(accessKey.secret);
    expect(app.records.at(-1)).toMatchObject({ caller: 'local' });
  });

  it('asks a person who did not log in to do so', async () => {
    const login = { issuer: 'https://issuer.example', clientId: 'cli' };
    const ended = await withProfile({ server: app.url, lease: 'demo', proof: { login } });

    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('NotLoggedIn') });
  });

  it.each([
    [
      'refused',
      ['--account', 'aws', '--role', 'arn:aws:iam::1:role/x'],
      {},
      1,
      /^credmint: AccessDenied: .* \(request /,
    ],
    ['asked wrongly', [], {}, 2, /^credmint: InvalidSettings: Nothing is asked for/],
    ['not there', ['--lease', 'x', '--wait', '0'], { CREDMINT_URL: 'http://127.0.0.1:9' }, 3, /ServerUnreachable/],
  ] as const)('tells scripts apart what was %s', async (_, args, environment, code, message) => {
    const ended = await caller.run(['get', ...args], environment);

    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });

  it('takes a variable that is empty for one that is absent', async () => {
    const empty = {
      CREDMINT_TOKEN: '',
      CREDMINT_TOKEN_FILE: '',
      CREDMINT_LEASE: '',
      CREDMINT_PROFILE: '',
      CREDMINT_DURATION: '',
    };
    const { accessKey } = app.access;
    const key = { CREDMINT_KEY: accessKey.id, CREDMINT_SECRET: accessKey.secret };
    const ended = await caller.run(['get', ...aws], { ...empty, ...key, CREDMINT_CLIENT_CONFIG: '' });

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const nobody = await caller.run(['get', ...aws], empty);
    expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing here proves who you are') });
  });

  it('says on stderr that it waits for a server', async () => {
    const ended = await caller.run(['get', '--lease', 'x', '--wait', '1'], { CREDMINT_URL: 'http://127.0.0.1:9' });

    expect(ended.stderr).toMatch(/ServerUnreachable; trying again in 1 s\n/);
  });
});

describe('credmint credential-process', { timeout: 60_000 }, () => {
  it('says on stdout what AWS reads, and nothing if there is nothing', async () => {
    const { stdout } = await caller.run(['credential-process', ...aws]);
    expect(JSON.parse(stdout)).toMatchObject({ Version: 1, Expiration: expect.stringMatching(/Z$/) });

    const refused = await caller.run(['credential-process', '--account', 'aws', '--role', 'arn:aws:iam::1:role/x']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('credmint exec', { timeout: 60_000 }, () => {
  const shell = (script: string) => ['exec', ...aws, '--', 'sh', '-c', script];

  it('ends as its command ends', async () => {
    expect(await caller.run(shell('exit 7'))).toMatchObject({ code: 7, signal: null });
    expect(await caller.run(shell('kill -KILL $$'))).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(await caller.run(['exec', ...aws, '--', './no-such-command'])).toMatchObject({
      code: 127,
      stderr: 'credmint: ./no-such-command: there is no such command\n',
    });
  });

  it('passes signals on, and ends when its command does', async () => {
    const running = caller.start(shell('trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'));
    await running.says(/ready/);
    running.child.kill('SIGTERM');

    expect(await running.ended).toMatchObject({ code: 9 });
  });

  it('runs nothing if there are no credentials', async () => {
    const ended = await caller.run(['exec', '--account', 'aws', '--role', 'x', '--', 'echo', 'ran']);

    expect(ended).toMatchObject({ code: 1, stdout: '' });
  });

  it('lets the command have neither our proof nor a key of AWS, but an agent', async () => {
    const { stdout } = await caller.run(shell('env'), { AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_PROFILE: 'old' });

    expect(stdout).toMatch(/^AWS_CONTAINER_CREDENTIALS_FULL_URI=http:\/\/127\.0\.0\.1:\d+\/aws$/m);
    expect(stdout).not.toMatch(/^(AWS_ACCESS_KEY_ID|AWS_PROFILE|CREDMINT_TOKEN)=/m);
    expect(stdout).not.toContain(app.access.token);
  });

  it('gives Alibaba’s SDKs its agent before all that they would ask first', async () => {
    mkdirSync(join(caller.home, '.aliyun'), { recursive: true });
    const profile = { name: 'old', mode: 'AK', access_key_id: 'old', access_key_secret: 'old' };
    writeFileSync(join(caller.home, '.aliyun', 'config.json'), JSON.stringify({ current: 'old', profiles: [profile] }));
    const source = `import alicloud from '@alicloud/credentials';
      const { accessKeyId, securityToken } = await new alicloud.default().getCredential();
      console.log(accessKeyId, securityToken.length > 0);`;
    const alibaba = ['--account', 'alibaba', '--role', app.access.roles['alibaba'] ?? ''];
    const node = [process.execPath, '--input-type=module', '-e', source];
    const { stdout, stderr } = await caller.run(['exec', ...alibaba, '--', ...node], {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'old',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'old',
      ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/old',
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/old',
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/nowhere',
    });

    expect(stdout, stderr).toMatch(/^STS\.\S+ true$/m);
  });

  it('gives the command the variables of its cloud, if asked or if its SDKs read nothing else', async () => {
    const tencent = ['--account', 'tencent-v3', '--role', app.access.roles['tencent-v3'] ?? ''];

    expect((await caller.run(['exec', ...tencent, '--', 'env'])).stdout).toMatch(/^TENCENTCLOUD_SECRET_KEY=./m);
    expect((await caller.run(['exec', '--static', ...aws, '--', 'env'])).stdout).toMatch(/^AWS_SESSION_TOKEN=./m);
  });
});

describe('credmint agent', { timeout: 60_000 }, () => {
  const everyFile = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

  it('says where it is by private files, and puts no secret anywhere else', async () => {
    const running = caller.start(['agent', ...aws, '--name', 'job']);
    await running.says(/^\. '.*'$/m);
    const folder = join(caller.home, 'config', 'credmint');
    const modes = everyFile(join(folder, 'agents')).map((path) => statSync(path).mode & 0o077);
    const token = readFileSync(join(folder, 'agents', 'job', 'token'), 'utf8');
    const { pid = 0 } = running.child;
    const argv = process.platform === 'linux' ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.ended;

    expect(code).toBe(0);
    expect(modes.every((mode) => mode === 0)).toBe(true);
    for (const secret of [token, app.access.token]) expect(stdout + stderr + argv).not.toContain(secret);
  });

  it('is found by the same programs after it was killed and came back', async () => {
    const first = caller.start(['agent', ...aws, '--name', 'port']);
    await first.says(/^\. '/m);
    const env = join(caller.home, 'config', 'credmint', 'agents', 'port', 'env');
    const before = readFileSync(env, 'utf8');
    const port = /127\.0\.0\.1:(\d+)\/aws/.exec(before)?.[1] ?? '';
    const ask = () =>
      promisify(execFile)('sh', [
        '-c',
        '. "$1"; curl -sS --fail-with-body -H "authorization: $(cat "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")" "$2"',
        'sh',
        env,
        `http://127.0.0.1:${port}/aws`,
      ]);
    expect((await ask()).stdout).toContain('AccessKeyId');
    first.child.kill('SIGKILL');
    await first.ended;
    await expect(ask()).rejects.toThrow();

    const second = caller.start(['agent', ...aws, '--name', 'port', '--port', port]);
    await second.says(/^\. '/m);
    expect((await ask()).stdout).toContain('AccessKeyId');
    const third = await caller.run(['agent', ...aws, '--name', 'third', '--port', port]);
    expect(third).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('PortTaken') });
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 0 });
    // Else a shell that reads them at once would be sent to whoever has the port next.
    expect(readdirSync(join(env, '..'))).toEqual([]);
  });

  it('leaves the files of another agent of its name alone when it ends', async () => {
    const first = caller.start(['agent', ...aws, '--name', 'twice']);
    await first.says(/^\. '/m);
    const later = caller.start(['agent', ...aws, '--name', 'twice']);
    await later.says(/^\. '/m);
    const env = join(caller.home, 'config', 'credmint', 'agents', 'twice', 'env');
    const text = readFileSync(env, 'utf8');
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(readFileSync(env, 'utf8')).toBe(text);
    later.child.kill('SIGTERM');
    await later.ended;
  });
});

describe('credmint login', { timeout: 60_000 }, () => {
  it('keeps the tokens of a person, who is then known until logging out', async () => {
    const provider = await openLoginProvider();
    const asked = await record(() => ({ status: 403, body: { code: 'AccessDenied', detail: 'Known.' } }));
    const person = callerProcess();
    const config = join(person.home, 'config', 'credmint');
    mkdirSync(config, { recursive: true });
    const proof = { login: { issuer: provider.issuer, clientId: 'cli' } };
    const profiles = { default: { server: asked.url.origin, lease: 'demo', proof } };
    writeFileSync(join(config, 'config.json'), JSON.stringify({ profiles }));

    // Without a PATH there is no browser to open; the person reads the address instead.
    const login = person.start(['login', '--browser'], { PATH: '' });
    const address = (await login.says(/Log in at \S+/)).replace('Log in at ', '');
    await openBrowser().visit(address, { login: 'ada', password: 'any' });
    expect(await login.ended).toMatchObject({ code: 0, stdout: '' });
    const [file = ''] = readdirSync(join(config, 'logins'));
    const { idToken } = JSON.parse(readFileSync(join(config, 'logins', file), 'utf8')) as { idToken: string };

    expect(await person.run(['get'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Known.') });
    expect(asked.requests[0]?.headers['authorization']).toBe(`Bearer ${idToken}`);
    expect(await person.run(['login', '--logout'])).toMatchObject({ code: 0 });
    expect(await person.run(['get'])).toMatchObject({ code: 2, stderr: expect.stringContaining('NotLoggedIn') });
    person.close();
    await asked.close();
    await provider.close();
  });
});
