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

/** A token of its own for each caller, signed before the clock runs: signing costs more than asking. */
const signTokens = (): readonly string[] => {
  const seconds = Math.floor(Date.now() / 1000);
  const times = { iat: seconds, exp: seconds + 3_600 };
  return Array.from({ length: callers }, (_, caller) => tokenOf(key, { sub: `caller-${caller}`, ...times }));
};

/**
 * Whose turn it is: each of all callers once in the time, evenly, and in between those who ask often. So none waits for
 * its first request until chance draws it.
 */
const turns = (shareOfTime: () => number): (() => number) => {
  const often = zipf(callers, Math.random);
  let next = 0;
  return () => (next < callers && next <= shareOfTime() * callers ? next++ : often());
};

const askAs = async (url: string, agent: Agent, caller: number, token: string): Promise<number> => {
  const body = JSON.stringify({
    account: 'aws',
    roleArn: 'arn:aws:iam::123456789012:role/demo',
    roleSessionName: `caller-${caller}`,
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const outgoing = send(new URL('/assumeRole', url), { agent, method: 'POST', headers });
  const answer = once(outgoing, 'response');
  outgoing.end(body);
  const [incoming] = (await answer) as [IncomingMessage];
  for await (const _ of incoming);
  return incoming.statusCode ?? 0;
};

const soaked = async (server: ServerProcess, tokens: readonly string[]): Promise<Finding> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const began = performance.now();
  const shareOfTime = (): number => (performance.now() - began) / (minutes * 60_000);
  const nextCaller = turns(shareOfTime);
  const met = new Set<number>();
  let served = 0;
  let asked = 0;
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(residentOf(server.child.pid)), 1_000);
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (shareOfTime() < 1 || met.size < callers) {
        const caller = nextCaller();
        met.add(caller);
        asked++;
        if ((await askAs(server.url, agent, caller, tokens[caller] ?? '')) === 200) served++;
      }
    }),
  );
  clearInterval(sampling);
  agent.destroy();
  const third = Math.floor(samples.length / 3);
  const [before, last] = [samples.slice(third, 2 * third), samples.slice(2 * third)].map((part) => spreadOf(part));
  const grown = (last?.median ?? Number.NaN) / (before?.median ?? Number.NaN);
  const byMinute = samples.filter((_, second) => second % 60 === 59).map((mebibytes) => mebibytes.toFixed(0));
  const everyone = callers.toLocaleString('en');
  return {
    promise: `resident memory is level: at most ${most} times in the last third of what it was in the second`,
    fault: `${minutes} minutes, or longer until each of ${everyone} callers has asked, those who ask often in between; before ${maxEntries.toLocaleString('en')} cached entries`,
    kept: served === asked && grown <= most,
    figures:
      `${served} of ${asked} served, ${met.size} callers in ${(samples.length / 60).toFixed(1)} minutes; MiB at each minute: ${byMinute.join(', ')}; ` +
      `the last third ${grown.toFixed(2)} times the second`,
  };
};

/** Many callers for a long time, before a cache that is smaller than they are many. */
export const soak = async (): Promise<Finding> => {
  const tokens = signTokens();
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
    return await soaked(server, tokens);
  } finally {
    await server.close();
    await cloud.close();
  }
};
