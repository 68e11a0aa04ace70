import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { type Recorder, record } from '../support/store-recorder.ts';

const action = fileURLToPath(new URL('../../action/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'credmint-action-'));
let app: LaptopApp;
let github: Recorder;

beforeAll(async () => {
  app = await openLaptopApp();
  github = await record(() => ({ body: { value: app.access.token } }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await github.close();
  await app.close();
});

let runs = 0;
const run = async (inputs: Readonly<Record<string, string>>, job: Readonly<Record<string, string>> = {}) => {
  const file = join(folder, `env-${++runs}`);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    GITHUB_ENV: file,
    GITHUB_REPOSITORY: 'acme/site',
    GITHUB_RUN_ID: '42',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url.origin}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'the-token-of-the-job',
    INPUT_SERVER: app.url,
    INPUT_AUDIENCE: 'credmint',
    ...inputs,
    ...job,
  };
  const script = join(action, 'get-credentials.sh');
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile('bash', [script], { env: environment }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
  const set = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return { code, stdout, stderr, set };
};

const hasTools = ['curl', 'jq', 'bash'].every((tool) => spawnSync(tool, ['--version']).status === 0);

describe.runIf(hasTools)('the action for GitHub', () => {
  const role = () => ({ INPUT_ACCOUNT: 'aws', INPUT_ROLE: app.access.roles['aws'] ?? '' });

  it('sets what the tools of the cloud read, for the steps that follow', async () => {
    const { code, set } = await run(role());

    expect(code).toBe(0);
    expect(set).toMatch(/^AWS_ACCESS_KEY_ID=ASIA\w+\nAWS_SECRET_ACCESS_KEY=.+\nAWS_SESSION_TOKEN=.+\n/);
    expect(github.requests.at(-1)?.query).toBe('api-version=2.0&audience=credmint');
    expect(JSON.stringify(app.records.at(-1))).toContain('acme-site-42');
  });

  it('masks every secret before it is set, and says none otherwise', async () => {
    const { stdout, stderr, set } = await run(role());
    const secrets = [...set.matchAll(/^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)=(.*)$/gm)].map(
      ([, one]) => one,
    );
    const masked = stdout.split('\n').filter((line) => line.startsWith('::add-mask::'));
    const rest = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));

    expect(secrets).toHaveLength(3);
    for (const secret of [...secrets, app.access.token]) {
      expect(masked).toContain(`::add-mask::${secret}`);
      expect(rest.join('\n') + stderr).not.toContain(secret);
    }
  });

  it('reads a lease, and asks for a federated user', async () => {
    await app.keepFresh();
    expect((await run({ INPUT_LEASE: 'demo' })).set).toContain('AWS_SESSION_TOKEN=');
    const policy =
      '{"version":"2.0","statement":[{"effect":"allow","action":["name/cos:GetObject"],"resource":["*"]}]}';
    const federated = { INPUT_ACCOUNT: 'tencent-v3', INPUT_FEDERATION: 'ci', INPUT_POLICY: policy };
    expect((await run(federated)).set).toContain('TENCENTCLOUD_TOKEN=');
  });

  it.each([
    [
      'refused',
      { INPUT_ACCOUNT: 'aws', INPUT_ROLE: 'arn:aws:iam::1:role/x' },
      /^::error title=credmint::AccessDenied: /m,
    ],
    ['asked for nothing', {}, /One of role, federation and lease/],
    ['asked for two things', { INPUT_ROLE: 'r', INPUT_LEASE: 'l' }, /One of role, federation and lease/],
    ['sent to a server without TLS', { INPUT_LEASE: 'l', INPUT_SERVER: 'http://credmint.example.com' }, /https/],
    [
      'sent to what only looks like this machine',
      { INPUT_LEASE: 'l', INPUT_SERVER: 'http://localhost:1@evil.example' },
      /https/,
    ],
    ['not allowed to ask GitHub', { INPUT_LEASE: 'l', ACTIONS_ID_TOKEN_REQUEST_URL: '' }, /id-token: write/],
    ['given no number', { INPUT_ROLE: 'r', INPUT_DURATION_SECONDS: '1h' }, /must be a number/],
  ])('fails if it is %s, and sets nothing', async (_, inputs, message) => {
    const { code, stdout, set } = await run(inputs);

    expect({ code, set }).toEqual({ code: 1, set: '' });
    expect(stdout).toMatch(message);
  });

  it('lets no answer give orders to the runner', async () => {
    const evil = await record(() => ({
      status: 403,
      body: { code: 'A\n::set-env name=X::y', detail: 'b', requestId: 'c' },
    }));
    const { stdout } = await run({ INPUT_LEASE: 'l', INPUT_SERVER: evil.url.origin });
    await evil.close();

    expect(stdout).not.toMatch(/^::set-env/m);
  });
});

describe('the description of the action', () => {
  const { inputs, runs: described } = parse(readFileSync(join(action, 'action.yml'), 'utf8'));
  const [step] = described.steps;

  it('hands every input on by the environment, and none in the text of the script', () => {
    const names = Object.keys(inputs).map((name) => `INPUT_${name.toUpperCase().replaceAll('-', '_')}`);

    expect(Object.keys(step.env).sort()).toEqual(names.sort());
    expect(step.run).not.toContain('${{');
  });
});
