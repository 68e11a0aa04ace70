import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCloud } from '../../test/support/fake-cloud.ts';
import { zipf } from '../../test/support/mint/fleet/zipf.ts';
import { account, type ServerProcess, startServer } from '../../test/support/server-process.ts';
import { issuer, newKey, tokenOf } from '../../test/support/token-issuer.ts';
import { spreadOf } from '../rounds.ts';
import type { Finding } from './trial.ts';

const minutes = 10;
const callers = 100_000;
const connections = 8;
/** Fewer than the callers, so that the cache is full long before the end. */
const maxEntries = 2_000;
/** How much more the last third may have than the one before it: V8 takes and returns memory in pieces. */
const most = 1.1;

/** Resident memory, in MiB. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
const residentOf = (pid: number | undefined): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const key = newKey();

/** Each caller has a token of its own, which is verified anew whenever it is no longer remembered. */
const tokenFor = (caller: number): string => {
  const seconds = Math.floor(Date.now() / 1000);
  return tokenOf(key, { sub: `caller-${caller}`, iat: seconds, exp: seconds + 3_600 });
};

const askAs = async (url: string, agent: Agent, caller: number): Promise<number> => {
  const body = JSON.stringify({
    account: 'aws',
    roleArn: 'arn:aws:iam::123456789012:role/demo',
    roleSessionName: `caller-${caller}`,
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokenFor(caller)}` };
  const outgoing = send(new URL('/assumeRole', url), { agent, method: 'POST', headers });
  const answer = once(outgoing, 'response');
  outgoing.end(body);
  const [incoming] = (await answer) as [IncomingMessage];
  for await (const _ of incoming);
  return incoming.statusCode ?? 0;
};

const soaked = async (server: ServerProcess): Promise<Finding> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const draw = zipf(callers, Math.random);
  const until = performance.now() + minutes * 60_000;
  const met = new Set<number>();
  let served = 0;
  let asked = 0;
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(residentOf(server.child.pid)), 1_000);
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        const caller = draw();
        met.add(caller);
        asked++;
        if ((await askAs(server.url, agent, caller)) === 200) served++;
      }
    }),
  );
  clearInterval(sampling);
  agent.destroy();
  const third = Math.floor(samples.length / 3);
  const [before, last] = [samples.slice(third, 2 * third), samples.slice(2 * third)].map((part) => spreadOf(part));
  const grown = (last?.median ?? Number.NaN) / (before?.median ?? Number.NaN);
  return {
    promise: `resident memory is level: at most ${most} times in the last third of what it was in the second`,
    fault: `${minutes} minutes of ${callers.toLocaleString('en')} callers, by Zipf’s law, before ${maxEntries.toLocaleString('en')} cached entries`,
    kept: served === asked && grown <= most,
    figures:
      `${served} of ${asked} served, ${met.size} callers; ` +
      `${before?.median.toFixed(0)} MiB, then ${last?.median.toFixed(0)} (${last?.min.toFixed(0)}–${last?.max.toFixed(0)})`,
  };
};

/** Many callers for a long time, before a cache that is smaller than they are many. */
export const soak = async (): Promise<Finding> => {
  const cloud = await openCloud();
  const folder = mkdtempSync(join(tmpdir(), 'credmint-soak-'));
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [key.jwk] }), { mode: 0o600 });
  const server = await startServer(
    {
      accounts: { aws: { ...account(cloud.url), requestsPerSecond: 100_000 } },
      callers: { ci: { jwt: { issuer, audience: 'credmint', jwks: 'file:jwks.json' }, requestsPerSecond: 1_000 } },
      cache: { entries: maxEntries },
    },
    { folder },
  );
  try {
    return await soaked(server);
  } finally {
    await server.close();
    await cloud.close();
  }
};
