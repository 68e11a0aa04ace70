import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromHttp } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readProfile } from '../../lib/client/profile.ts';
import { clientSettings } from '../../lib/client/settings.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { type CallerProcess, callerProcess } from '../support/caller-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = (name: string): string => readFileSync(join(root, 'examples/clients', name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'credmint-recipes-'));

let app: LaptopApp;
let caller: CallerProcess;
beforeAll(async () => {
  app = await openLaptopApp();
  caller = callerProcess(app);
  await app.keepFresh();
});
afterAll(async () => {
  caller.close();
  rmSync(folder, { recursive: true, force: true });
  await app.close();
});

/** A URL of a recipe, of this server and of a role that it has. */
const local = (url: string): string =>
  url
    .replace('https://credmint.example.com', app.url)
    .replace(/roleArn=[^&]*/, `roleArn=${encodeURIComponent(app.access.roles['aws'] ?? '')}`);

describe('the recipes for callers', () => {
  it('have profiles that are valid, one for each way to prove oneself', () => {
    const text = example('profiles.json');
    const { profiles } = JSON.parse(text) as { profiles: object };
    const proofs = Object.keys(profiles).map((name) => {
      const profile = readProfile(text, name, 'profiles.json');
      return Object.keys(clientSettings({ flags: {}, environment: {}, profile, user: 'ada' }).proof)[0];
    });

    expect(proofs).toEqual(['login', 'tokenCommand', 'github', 'gitlab', 'kubernetes', 'accessKey']);
  });

  it('have a profile that the AWS SDK reads by credential_process', async () => {
    const command = `${process.execPath} ${join(root, 'bin/credmint.ts')}`;
    const config = join(folder, 'config');
    writeFileSync(
      config,
      example('aws-config.ini')
        .replace('npx --no credmint', command)
        .replace('--profile default', `--account aws --role ${app.access.roles['aws']}`),
    );
    const source = `import { fromIni } from '@aws-sdk/credential-providers';
      console.log((await fromIni({ profile: 'data' })()).accessKeyId);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], {
      cwd: root,
      env: { ...caller.environment, AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none') },
    });

    expect(stdout).toMatch(/^ASIA/);
  });

  it('give a pod credentials by two variables and the token of a file', async () => {
    const { spec } = parse(example('pod.yaml'));
    const [container] = spec.containers;
    const variables = Object.fromEntries(container.env.map(({ name, value }: Record<string, string>) => [name, value]));
    const file = join(folder, 'token');
    writeFileSync(file, app.access.token);
    const [mount] = container.volumeMounts;
    const [source] = spec.volumes[0].projected.sources;

    expect(variables['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']).toBe(
      `${mount.mountPath}/${source.serviceAccountToken.path}`,
    );
    const provider = fromHttp({
      awsContainerCredentialsFullUri: local(variables['AWS_CONTAINER_CREDENTIALS_FULL_URI']),
      awsContainerAuthorizationTokenFile: file,
    });
    expect(await provider()).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
  });

  it('have a webhook of External Secrets that yields a flat secret', async () => {
    const [generator, secret] = parseAllDocuments(example('external-secrets.yaml')).map((one) => one.toJS());
    const { url, method, headers, secrets, result } = generator.spec;
    const template = `{{ .${secrets[0].name}.${secrets[0].secretRef.key} }}`;
    const authorization = headers.authorization.replace(template, app.access.token);
    const response = await fetch(local(url), { method, headers: { authorization } });
    const values: unknown[] = Object.values((await response.json()) as object);

    expect(result.jsonPath).toBe('$');
    expect(values).toHaveLength(4);
    expect(values.every((value) => typeof value === 'string')).toBe(true);
    expect(secret.spec.dataFrom[0].sourceRef.generatorRef).toMatchObject({
      kind: generator.kind,
      name: generator.metadata.name,
    });
  });

  it('give Terraform a map of texts, which is all that its external data source takes', async () => {
    const [, words = ''] = /program = (\[.*\])/.exec(example('main.tf')) ?? [];
    const [npx, no, name, command, , , ...rest] = JSON.parse(words) as string[];
    const target = ['--account', 'tencent-v3', '--role', app.access.roles['tencent-v3'] ?? ''];
    const { stdout } = await caller.run([command ?? '', ...target, ...rest]);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    const used = [...example('main.tf').matchAll(/result\.(\w+)/g)].map(([, member = '']) => typeof result[member]);

    expect([npx, no, name]).toEqual(['npx', '--no', 'credmint']);
    expect(used).toEqual(['string', 'string', 'string']);
    expect(Object.values(result).every((value) => typeof value === 'string')).toBe(true);
  });

  it('give a job on GitLab what its variables ask for', async () => {
    const { upload } = parse(example('gitlab-ci.yml'));
    const [token = ''] = Object.keys(upload.id_tokens);
    const [npx, no, name, ...args] = upload.script.at(-1).split(' ');
    const job = callerProcess();
    const ended = await job.run([...args.slice(0, 2), 'env'], {
      ...upload.variables,
      CREDMINT_URL: app.url,
      [token]: app.access.token,
    });
    job.close();

    expect([npx, no, name]).toEqual(['npx', '--no', 'credmint']);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('AWS_CONTAINER_CREDENTIALS_FULL_URI=') });
  });

  it('ask the action for what it takes', () => {
    const { inputs } = parse(readFileSync(join(root, 'action/action.yml'), 'utf8'));
    const { jobs, permissions } = parse(example('github-workflow.yaml'));
    const [step] = jobs.release.steps;

    expect(permissions['id-token']).toBe('write');
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)));
  });
});

describe('every documented curl', () => {
  const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith('.md'),
  );

  it.each(documents)('fails if it is refused: %s', (name) => {
    const lines = readFileSync(join(root, name), 'utf8').split('\n');
    const hiding = lines.filter((line) => /(^|[\s(])curl -\w/.test(line) && !line.includes('--fail-with-body'));

    expect(hiding).toEqual([]);
  });
});
