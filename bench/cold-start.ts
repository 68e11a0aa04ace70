import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAccess } from '../lib/laptop/local-state.ts';
import { bundle } from '../scripts/bundle.ts';
import { start } from './processes/child.ts';
import { type Cold, firstAnswer } from './processes/cold.ts';
import { jsonEvent, sigv4Event } from './processes/events.ts';
import { difference, interleave, spread } from './rounds.ts';
import { atMost, type Figure, span, type Table } from './table.ts';

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

/** The most milliseconds above an empty function, by what a function's name begins with. */
const goals: Readonly<Record<string, number>> = { assumeRole: 40, sts: 30 };

const toGoal = (name: string, figure: Figure): Figure => {
  const goal = goals[name.slice(0, name.indexOf(':'))];
  return goal === undefined ? figure : atMost(figure, goal);
};

/** From the start of a process to its first answer: each deployed bundle compared with an empty one. */
export const coldStart = async (): Promise<readonly Table[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  const written = (name: string, content: string | object): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  // The clouds that the JSON API calls are a laptop's server, over HTTP on this machine.
  const laptop = await start(new URL('./processes/laptop-server.ts', import.meta.url), [join(folder, 'laptop')]);
  const access = laptop.ready as LocalAccess;
  // The laptop's own configuration, with a function's audit and store: standard output and memory.
  const {
    audit: _,
    store: __,
    ...rest
  } = JSON.parse(readFileSync(join(folder, 'laptop/credmint.config.json'), 'utf8'));
  const env = { CREDMINT_CONFIG: written('laptop/function.config.json', rest) };
  const deployed = async (name: string, event: object): Promise<Cold> => {
    const { outfile } = await bundle(name, 'aws', join(folder, 'dist'));
    return { bundle: outfile, event: written(`${name}.json`, event), env };
  };
  const bare = (name: string, source: string): Cold => ({
    bundle: written(`${name}.cjs`, source),
    event: written(`${name}.json`, sigv4Event(access)),
    env,
  });
  const role = { account: 'aws', roleArn: access.roles['aws'], roleSessionName: 'bench' };
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
  const federation = { account: 'aws', name: 'bench', policy };
  const starts: Readonly<Record<string, Cold>> = {
    empty: bare('empty', empty),
    'empty, and one call over node:http': bare('caller', caller(`${access.url}/`)),
    health: await deployed('health', sigv4Event(access)),
    'sts: SigV4, minted by the authority': await deployed('sts', sigv4Event(access)),
    'assumeRole: JWT, minted by a cloud over HTTP': await deployed(
      'assumeRole',
      jsonEvent(access, '/assumeRole', role),
    ),
    'getFederationToken: JWT, minted by a cloud over HTTP': await deployed(
      'getFederationToken',
      jsonEvent(access, '/getFederationToken', federation),
    ),
  };
  const processorTimes = new Map<string, number[]>(Object.keys(starts).map((name) => [name, []]));
  const measured = await interleave(Object.keys(starts), rounds, async (name) => {
    const { milliseconds, processor, statusCode, body } = await firstAnswer(starts[name] as Cold);
    if (!name.startsWith('health')) assert.equal(statusCode, 200, `${name}: ${body}`);
    processorTimes.get(name)?.push(processor);
    return milliseconds;
  });
  await laptop.stop();
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      title: 'Cold start, in milliseconds from the start of a process to its first answer',
      columns: ['function: what it is asked', 'by the clock', 'above the empty one', 'of processor time, above'],
      rows: Object.keys(starts).map((name) => [
        name,
        span(spread(measured, name), 0),
        name === 'empty' ? '0' : toGoal(name, span(difference(measured, name, 'empty'), 0)),
        name === 'empty' ? '0' : span(difference(processorTimes, name, 'empty'), 0),
      ]),
      charts: [
        {
          kind: 'bars',
          name: 'cold-start',
          across: 'function: what it is asked',
          values: 'by the clock',
          ours: Object.keys(starts).filter((name) => name.includes(':') || name === 'health'),
        },
      ],
    },
  ];
};
