import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAccess } from '../../lib/laptop/local-state.ts';
import { type Child, start } from './child.ts';
import type { Load, LoadResult } from './load.ts';

/** A laptop as the cloud, a client that sends load, and whichever servers are measured, each a process of its own. */
export interface Stage {
  readonly folder: string;
  /** The configuration of the laptop, whose accounts are at it. */
  readonly config: string;
  readonly access: LocalAccess;
  open(name: string, ...args: readonly string[]): Promise<Child>;
  put(load: Load): Promise<LoadResult>;
  close(): Promise<void>;
}

export const openStage = async (): Promise<Stage> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  const started: Child[] = [];
  const open = async (name: string, ...args: readonly string[]): Promise<Child> => {
    const child = await start(new URL(`./${name}.ts`, import.meta.url), args);
    started.push(child);
    return child;
  };
  const access = (await open('laptop-server', folder)).ready as LocalAccess;
  const client = await open('load');
  return {
    folder,
    config: join(folder, 'credmint.config.json'),
    access,
    open,
    put: async (load) => (await client.ask(load)) as LoadResult,
    close: async () => {
      await Promise.all(started.map((child) => child.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** One request, byte for byte: AssumeRole of a cloud's account by the JSON API, with a JWT. */
export const jsonRequest = (url: string, { token, roles }: LocalAccess): string => {
  const body = JSON.stringify({ account: 'aws', roleArn: roles['aws'], roleSessionName: 'bench' });
  return [
    'POST /assumeRole HTTP/1.1',
    `host: ${new URL(url).host}`,
    'content-type: application/json',
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
};

export const urlOf = (child: Child): string => (child.ready as { readonly url: string }).url;
