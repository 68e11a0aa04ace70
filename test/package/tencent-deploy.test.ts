import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { functionNames, root } from '../../scripts/bundle.ts';
import { readConfiguration } from '../../scripts/package/configuration.ts';
import { packageFunctions } from '../../scripts/package/package-functions.ts';
import { key, scfRecorder } from '../support/packaged/scf-recorder.ts';

let scf: Awaited<ReturnType<typeof scfRecorder>>;
const folder = mkdtempSync(join(tmpdir(), 'credmint-scf-'));
const packages = join(folder, 'packages');

/** What a first deployment leaves at SCF. */
let first: typeof scf.functions;

beforeAll(async () => {
  scf = await scfRecorder();
  await packageWith({});
  await deploy();
  first = structuredClone(scf.functions);
}, 60_000);
beforeEach(() => {
  scf.functions.clear();
  scf.refusals.clear();
  scf.statuses.clear();
  scf.asked.length = 0;
});
afterAll(async () => {
  await scf.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What `npm run package:tencent` writes for a configuration. */
const packageWith = async (configuration: object): Promise<void> => {
  const config = join(folder, 'credmint.config.json');
  writeFileSync(config, JSON.stringify(configuration));
  await packageFunctions('tencent', readConfiguration(config, { target: 'tencent', secretsAllowed: false }), packages);
};

/** The command as `npm run deploy:tencent` runs it. */
const deploy = (...words: readonly string[]): Promise<{ readonly status: number | null; readonly said: string }> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['scripts/tencent/deploy.ts', ...words, '--package', packages, '--pause', '1'],
      {
        cwd: root,
        env: {
          TENCENTCLOUD_SECRET_ID: key.id,
          TENCENTCLOUD_SECRET_KEY: key.secret,
          TENCENTCLOUD_SCF_ENDPOINT: scf.url,
        },
      },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => {
        said += piece.toString();
      });
    }
    child.on('close', (status) => resolve({ status, said }));
  });

/** SCF as it is after a first deployment. */
const deployed = (): void => {
  for (const [name, each] of structuredClone(first)) scf.functions.set(name, each);
};

const kept = (name: string) => scf.functions.get(`credmint-dev-${name}`);

describe('npm run deploy:tencent', { timeout: 60_000 }, () => {
  it('with --dry-run says what it would do, and sends nothing that changes anything', async () => {
    const { status, said } = await deploy('--dry-run');

    expect(status, said).toBe(0);
    for (const name of functionNames()) expect(said).toContain(`credmint-dev-${name}\n    + create the function`);
    expect(scf.asked.length).toBeGreaterThan(0);
    expect(scf.changes()).toEqual([]);
  });

  it('creates every function with a version, an alias and its triggers', async () => {
    const { status, said } = await deploy();

    expect(status, said).toBe(0);
    expect([...scf.functions.keys()].sort()).toEqual(
      functionNames()
        .map((name) => `credmint-dev-${name}`)
        .sort(),
    );
    expect(kept('assumeRole')?.latest).toMatchObject({
      Runtime: 'Nodejs20.19',
      Handler: 'index.handler',
      Type: 'Event',
      MemorySize: 512,
      Timeout: 29,
      Namespace: 'default',
      Description: expect.stringMatching(/^credmint, code [0-9a-f]{64}$/),
      Environment: { Variables: [] },
    });
    expect(kept('assumeRole')?.aliases.get('live')).toBe('1');
    const [url] = kept('sts')?.triggers ?? [];
    expect(url).toMatchObject({ Type: 'http', TriggerName: 'credmint-url', Qualifier: 'live', Enable: 1 });
    expect(JSON.parse(String(url?.['TriggerDesc']))).toMatchObject({
      AuthType: 'NONE',
      NetConfig: { EnableIntranet: false, EnableExtranet: true },
      CorsConfig: { Enable: false },
    });
    expect(kept('refreshLeases')?.triggers).toMatchObject([
      { Type: 'timer', TriggerDesc: JSON.stringify({ cron: '0 */1 * * * * *' }), Qualifier: 'live' },
    ]);
    expect(said).toContain('credmint-dev-sts: https://1250000000-abc.ap-guangzhou.tencentscf.com');
  });

  it('shows the plan before it does anything', async () => {
    const { said } = await deploy('--stage', 'plan');

    expect(said.indexOf('credmint-plan-sts\n    + create')).toBeLessThan(said.indexOf('done:'));
  });

  it('finds nothing to do the second time', async () => {
    deployed();
    const { status, said } = await deploy();

    expect(status, said).toBe(0);
    expect(scf.changes()).toEqual([]);
    for (const name of functionNames()) expect(said).toContain(`credmint-dev-${name}: nothing to do`);
  });

  it('uploads code that has changed, and leads the alias to the new version', async () => {
    deployed();
    await packageWith({ explain: 'none' });
    const { status, said } = await deploy();
    await packageWith({});

    expect(status, said).toBe(0);
    expect(scf.changes().filter((action, index, all) => all.indexOf(action) === index)).toEqual([
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
      'PublishVersion',
      'UpdateAlias',
    ]);
    expect(kept('sts')?.aliases.get('live')).toBe('2');
  });

  it('mends what somebody else has changed, and leaves alone what is theirs', async () => {
    deployed();
    const found = kept('sts');
    if (found === undefined) throw new Error('There is no sts.');
    found.latest = {
      ...found.latest,
      MemorySize: 128,
      Environment: {
        Variables: [
          { Key: 'TENCENT_KEY', Value: 'set by hand' },
          // Of a deployment by an earlier version.
          { Key: 'CREDMINT_CONFIG', Value: 'live.config.json' },
        ],
      },
    };
    found.triggers = [
      { Type: 'timer', TriggerName: 'theirs', Qualifier: '$LATEST', Enable: 1, TriggerDesc: '0 0 3 * * * *' },
      { Type: 'timer', TriggerName: 'ours-of-old', Qualifier: 'live', Enable: 1, TriggerDesc: '0 0 3 * * * *' },
    ];
    scf.asked.length = 0;
    const { status, said } = await deploy();

    expect(status, said).toBe(0);
    expect(said).toContain('~ configure memory, CREDMINT_CONFIG\n');
    expect(said).not.toContain('set by hand');
    expect(scf.changes()).toEqual([
      'UpdateFunctionConfiguration',
      'PublishVersion',
      'UpdateAlias',
      'DeleteTrigger',
      'CreateTrigger',
    ]);
    expect(found.latest).toMatchObject({
      MemorySize: 512,
      Environment: { Variables: [{ Key: 'TENCENT_KEY', Value: 'set by hand' }] },
    });
    expect(found.triggers.map((each) => each['TriggerName'])).toEqual(['theirs', 'credmint-url']);
  });

  it('ends what a run that was cut off has left: a function that was changed and not published', async () => {
    deployed();
    const found = kept('health');
    if (found === undefined) throw new Error('There is no health.');
    const live = Number(found.aliases.get('live'));
    found.versions[live - 1] = { ...found.versions[live - 1], Description: 'credmint, code of yesterday' };
    await deploy();

    expect(scf.changes()).toEqual(['PublishVersion', 'UpdateAlias']);
  });

  it('takes away a role that is no longer wanted, once', async () => {
    deployed();
    const found = kept('sts');
    if (found === undefined) throw new Error('There is no sts.');
    found.latest = { ...found.latest, Role: 'credmint-of-old' };
    const { status, said } = await deploy();

    expect(status, said).toBe(0);
    expect(said).toContain('~ configure role');
    expect(found.latest['Role']).toBe('');
    expect((await deploy()).said).toContain('credmint-dev-sts: nothing to do');
  });

  it('fails if SCF accepts a step and does not do it', async () => {
    deployed();
    const found = kept('sts');
    if (found === undefined) throw new Error('There is no sts.');
    Object.defineProperty(found, 'latest', {
      get: () => ({ ...first.get('credmint-dev-sts')?.latest, Role: 'stays' }),
      set: () => undefined,
    });
    const { status, said } = await deploy();

    expect(status).toBe(1);
    expect(said).toContain('credmint-dev-sts still differs: ~ configure role');
  });

  it('waits while a function is being changed, before it plans and after each step', async () => {
    deployed();
    scf.statuses.set('credmint-dev-sts', ['Publishing', 'Updating']);
    const { status, said } = await deploy();

    expect(status, said).toBe(0);
    expect(said).toContain('credmint-dev-sts: nothing to do');
    expect(scf.statuses.get('credmint-dev-sts')).toEqual([]);
  });

  it('deletes and creates again what SCF could not create', async () => {
    deployed();
    scf.statuses.set('credmint-dev-health', ['CreateFailed', 'CreateFailed']);
    const { status, said } = await deploy();

    expect(status, said).toBe(0);
    expect(scf.changes().slice(0, 2)).toEqual(['DeleteFunction', 'CreateFunction']);
    expect(kept('health')?.aliases.get('live')).toBe('1');
  });

  it('tries again if it is throttled, and says all that support asks for if it is refused', async () => {
    scf.refusals.set('CreateFunction', ['RequestLimitExceeded', 'ResourceInUse', 'LimitExceeded.Memory']);
    const { status, said } = await deploy();

    expect(status).toBe(1);
    expect(scf.changes()).toEqual(['CreateFunction', 'CreateFunction', 'CreateFunction']);
    expect(said).toMatch(
      /^credmint-dev-\w+: \+ create the function: LimitExceeded\.Memory: SCF says no\. \(RequestId c6af9ac6-[\w-]+\)$/m,
    );
  });

  it.each([
    [['--stage', 'a_stage_whose_name_is_far_too_long_for_the_name_of_a_function'], 'is not a name of SCF'],
    [['--runtime', 'nodejs24.x'], 'the runtime nodejs24.x is not written like'],
    [['--region', 'guangzhou'], 'the region guangzhou is not written like'],
  ])('checks names before it calls anything: %j', async (words, message) => {
    const { status, said } = await deploy(...words);

    expect(status).toBe(1);
    expect(said).toContain(message);
    expect(scf.asked).toEqual([]);
  });

  it('does not change a runtime, and says what can be done', async () => {
    deployed();
    const { status, said } = await deploy('--runtime', 'Nodejs22.1');

    expect(status).toBe(1);
    expect(said).toContain('SCF changes no function');
    expect(scf.changes()).toEqual([]);
  });

  it('is refused with the wrong key', async () => {
    const secret = key.secret;
    key.secret = 'another';
    const other = deploy('--dry-run');
    key.secret = secret;
    const { status, said } = await other;

    expect(status).toBe(1);
    expect(said).toContain('signature');
  });

  it('removes triggers, then functions, and then finds nothing', async () => {
    deployed();
    const { status, said } = await deploy('remove');

    expect(status, said).toBe(0);
    expect(scf.functions.size).toBe(0);
    const changes = scf.changes();
    expect(changes.indexOf('DeleteTrigger')).toBeLessThan(changes.indexOf('DeleteFunction'));
    expect((await deploy('remove')).said).toContain('credmint-dev-sts: nothing to do');
  });
});
