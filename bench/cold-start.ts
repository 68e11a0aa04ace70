import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LocalAccess } from '../lib/laptop/local-state.ts';
import { region, startDynalite } from '../test/support/dynalite-server.ts';
import { startInstance } from '../test/support/packaged/runtime-api.ts';
import { start } from './processes/child.ts';
import { type Cold, firstAnswer, stepsOf } from './processes/cold.ts';
import { buildFunction, bundlePeer, environmentOf, twoClouds, withAuthority } from './processes/cold-functions.ts';
import { jsonEvent, sigv4Event } from './processes/events.ts';
import { openPlacesOfSecrets } from './processes/places-of-secrets.ts';
import { difference, interleave, type Rounds, ratio, spread } from './rounds.ts';
import { atMost, type Cell, type Figure, span, type Table } from './table.ts';

const rounds = 15;

const empty = `exports.handler = async () => ({ statusCode: 200, headers: {}, body: '{}', isBase64Encoded: false });`;

/** A function that makes one call over node:http. */
const caller = (url: string): string => `
  const { request } = require('node:http');
  exports.handler = () => new Promise((resolve, reject) => {
    request('${url}health', (response) => {
      response.on('data', () => {}).on('end', () => resolve({ statusCode: 200, headers: {}, body: '{}' }));
    }).on('error', reject).end();
  });`;

const names = {
  empty: 'empty',
  caller: 'empty, and one call over node:http',
  peer: 'peer (client-sts and jose): JWT, minted by a cloud over HTTP',
  assumeRole: 'assumeRole: JWT, minted by a cloud over HTTP',
  sts: 'sts: SigV4, minted by the authority',
  shared: 'assumeRole: the same, with DynamoDB, KMS and SSM',
} as const;

type Name = keyof typeof names;

interface Started {
  readonly folder: string;
  readonly starts: Readonly<Record<Name, Cold>>;
  close(): Promise<void>;
}

/** Every function of the table, each built for a configuration with two clouds, and what they call. */
const prepare = async (): Promise<Started> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  // The clouds are a laptop's server, over HTTP on this machine.
  const laptopFolder = join(folder, 'laptop');
  const laptop = await start(new URL('./processes/laptop-server.ts', import.meta.url), [laptopFolder]);
  const access = laptop.ready as LocalAccess;
  const dynalite = await startDynalite();
  const secrets = await openPlacesOfSecrets(access.accessKey.secret);
  const env = environmentOf(access);
  const written = (name: string, content: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const json = written(
    'json.json',
    JSON.stringify(
      jsonEvent(access, '/assumeRole', { account: 'aws', roleArn: access.roles['aws'], roleSessionName: 'bench' }),
    ),
  );
  const store = {
    kind: 'dynamodb',
    table: await dynalite.newTable(),
    region,
    endpoint: dynalite.url.href,
    // The machine may be busy.
    timeoutMilliseconds: 10_000,
    sealingKeys: [`kms:${'A'.repeat(64)}`],
  };
  const built = (name: string, at: string, configuration: object): Promise<string> =>
    buildFunction(name, join(folder, at), laptopFolder, configuration);
  return {
    folder,
    starts: {
      empty: { bundle: written('empty/index.cjs', empty), event: json, env },
      caller: { bundle: written('caller/index.cjs', caller(`${access.url}/`)), event: json, env },
      peer: {
        bundle: await bundlePeer(join(folder, 'peer/index.cjs')),
        event: json,
        env: {
          ...env,
          PEER_JWKS: join(laptopFolder, 'keys/issuer.jwks.json'),
          PEER_ISSUER: access.url,
          PEER_ENDPOINT: `${access.url}/`,
          PEER_KEY_ID: access.accessKey.id,
          PEER_SECRET: access.accessKey.secret,
        },
      },
      assumeRole: { bundle: await built('assumeRole', 'assumeRole', twoClouds(access)), event: json, env },
      sts: {
        bundle: await built('sts', 'sts', withAuthority(access)),
        event: written('sts.json', JSON.stringify(sigv4Event(access))),
        env,
      },
      shared: {
        bundle: await built('assumeRole', 'shared', twoClouds(access, 'ssm:/bench/account', { store })),
        event: json,
        env: { ...env, ...secrets.environment },
      },
    },
    close: async () => {
      await Promise.all([laptop.stop(), dynalite.close(), secrets.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** In milliseconds above the empty function. */
const goals: Partial<Readonly<Record<Name, number>>> = { assumeRole: 40, sts: 30 };
/** Times an empty handler, in the runtime. */
const runtimeGoals: Partial<Readonly<Record<Name, number>>> = { assumeRole: 1.5, sts: 1.5, shared: 2 };
/** Times the peer, both above the empty function. */
const maxOfPeer = 0.3;

const toGoal = (figure: Figure, goal: number | undefined): Figure =>
  goal === undefined ? figure : atMost(figure, goal);

/** What each is above the empty one, by round. */
const above = (measured: Rounds): Rounds =>
  new Map(
    [...measured].map(([name, values]) => [
      name,
      values.map((value, round) => value - (measured.get('empty')?.[round] ?? Number.NaN)),
    ]),
  );

const all = Object.keys(names) as Name[];

/** From the start of a process to its first answer. */
const inProcesses = async ({ starts }: Started): Promise<Table> => {
  const processorTimes = new Map<string, number[]>(all.map((name) => [name, []]));
  const measured = await interleave(all, rounds, async (name) => {
    const { milliseconds, processor, statusCode, body } = await firstAnswer(starts[name as Name]);
    assert.equal(statusCode, 200, `${name}: ${body}`);
    processorTimes.get(name)?.push(processor);
    return milliseconds;
  });
  const ofPeer = above(processorTimes);
  return {
    title: 'Cold start, in milliseconds from the start of a process to its first answer',
    columns: [
      'function: what it is asked',
      'KiB',
      'by the clock',
      'above the empty one',
      'of processor time, above',
      'times the peer',
    ],
    rows: all.map((name): readonly Cell[] => [
      names[name],
      (statSync(starts[name].bundle).size / 1024).toFixed(0),
      span(spread(measured, name), 0),
      name === 'empty' ? '0' : toGoal(span(difference(measured, name, 'empty'), 0), goals[name]),
      name === 'empty' ? '0' : span(difference(processorTimes, name, 'empty'), 0),
      name === 'assumeRole' ? atMost(span(ratio(ofPeer, name, 'peer'), 2), maxOfPeer) : '',
    ]),
    notes: ['Times the peer: processor time of both, each above the empty function, as the machine may be busy.'],
    charts: [
      {
        kind: 'bars',
        name: 'cold-start',
        across: 'function: what it is asked',
        values: 'by the clock',
        ours: [names.assumeRole, names.sts, names.shared],
      },
    ],
  };
};

/** The same in a runtime that asks the Runtime API for its event, as Lambda's does. */
const inRuntime = async ({ starts }: Started): Promise<Table> => {
  const measured = await interleave(all, rounds, async (name) => {
    const { bundle, event, env } = starts[name as Name];
    const began = performance.now();
    const instance = await startInstance({ folder: dirname(bundle), env });
    const ended = await instance.invoke(JSON.parse(readFileSync(event, 'utf8')));
    const milliseconds = performance.now() - began;
    assert.ok('reply' in ended && (ended.reply as { statusCode: number }).statusCode === 200, instance.log());
    await instance.close();
    return milliseconds;
  });
  return {
    title: 'Cold start behind the Runtime API of Lambda, emulated: until the reply has arrived there',
    columns: ['function: what it is asked', 'milliseconds', 'times an empty handler'],
    rows: all.map((name): readonly Cell[] => [
      names[name],
      span(spread(measured, name), 0),
      name === 'empty' ? '1' : toGoal(span(ratio(measured, name, 'empty'), 2), runtimeGoals[name]),
    ]),
  };
};

/** Step by step, in processor time of one process. */
const explained = async ({ starts }: Started): Promise<Table> => {
  const steps = new Map<string, number[]>();
  const asked = ['assumeRole', 'sts', 'shared'] as const;
  await interleave(asked, rounds, async (name) => {
    for (const [step, milliseconds] of await stepsOf(starts[name as Name])) {
      const key = `${name} ${step}`;
      steps.set(key, [...(steps.get(key) ?? []), milliseconds]);
    }
    return 0;
  });
  const titles = [...new Set([...steps.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))];
  return {
    title: 'Where a cold start goes, in milliseconds of processor time',
    columns: ['step', ...asked.map((name) => names[name])],
    rows: titles.map((step) => [step, ...asked.map((name) => span(spread(steps, `${name} ${step}`), 1))]),
    notes: [
      'A refusal opens everything: configuration, references, store and audit trail. A mint verifies, asks and records.',
    ],
  };
};

/** Each deployed bundle compared with an empty one, with what one would write instead, and in a runtime. */
export const coldStart = async (explain = false): Promise<readonly Table[]> => {
  const started = await prepare();
  try {
    const tables = [await inProcesses(started), await inRuntime(started)];
    return explain ? [...tables, await explained(started)] : tables;
  } finally {
    await started.close();
  }
};
