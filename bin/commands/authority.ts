import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { clouds, spec } from '../../functions/sts.ts';
import type { FunctionSpec } from '../../lib/app/compose.ts';
import { deployedDeps } from '../../lib/app/functions/http.ts';
import { sleep } from '../../lib/app/sleep.ts';
import { faults as faultsSchema } from '../../lib/config/sections/faults-schema.ts';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';
import { injectFaults } from '../../lib/laptop/faults/inject-faults.ts';
import type { FaultSettings } from '../../lib/laptop/faults/settings.ts';
import { openLaptop } from '../../lib/laptop/laptop.ts';
import type { Command } from './command.ts';

/** What stands for a fault that has parts, where it is given one number. */
const shorthands: Readonly<Record<string, string>> = { throttle: 'perSecond', latency: 'milliseconds' };

const shortForm = (text: string): object => {
  const written: Record<string, unknown> = {};
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [path = '', value = ''] = part.split('=');
    const [name = '', inner = shorthands[name]] = path.split('.');
    const read = name === 'odd' ? value.split('+') : Number(value);
    const known = written[name];
    written[name] = inner === undefined ? read : { ...(typeof known === 'object' ? known : {}), [inner]: read };
  }
  return written;
};

const longForm = (text: string): unknown =>
  JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);

/** Faults as they stand on a command line; what is wrong with them where they are none. */
export const readFaults = (text: string): FaultSettings | readonly string[] => {
  try {
    const parsed = v.safeParse(faultsSchema, /^[@{]/.test(text) ? longForm(text) : shortForm(text));
    if (parsed.success) return omitUndefined(parsed.output);
    return parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'faults'}: ${issue.message}`);
  } catch {
    return ['faults: is neither NAME=VALUE,… nor JSON'];
  }
};

const usage = `credmint authority [--faults FAULTS] [--dir FOLDER] [--host HOST] [--port PORT]

  Serves the built-in authority as the STS of every system it knows, with keys of its own in FOLDER/local.json, until
  it is stopped; and lets it misbehave, the same way each time for the same seed and the same requests.

  --faults  NAME=VALUE,… or JSON or @FILE:
              throttle=5                   answers 5 requests a second
              latency=200,latency.spread=100,latency.share=0.5
              reset=0.1,cut=0.1            shares of the connections
              wrongType=0.1                shares of the answers: a gateway's page
              empty=0.1                    shares of the credentials: nothing in them
              odd=AssumeRoleId+nanoseconds+noRequestId+s3Errors
              skewSeconds=600              its clock is ahead
              expireAfterSeconds=30        credentials end so soon
              rotation.everySeconds=60,rotation.lastsSeconds=5
              seed=1`;

/** The dialects of the vendors; the JSON API is ours, and no STS has it. */
const vendorsDoor = (): FunctionSpec => {
  const [first, ...rest] = spec.dialects.filter(({ id }) => id !== 'json');
  return first === undefined ? spec : { ...spec, dialects: [first, ...rest] };
};

export const authority: Command = {
  summary: 'serve the built-in authority alone, well or badly',
  usage,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        faults: { type: 'string', default: '' },
        dir: { type: 'string', default: '.credmint' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '3001' },
      },
    });
    const settings = readFaults(values.faults);
    if ('length' in settings) {
      io.stderr.write(`${settings.join('\n')}\n`);
      return 2;
    }
    const appDeps = deployedDeps();
    const wrong = injectFaults(settings, { now: appDeps.now, sleep });
    const place = { folder: resolve(values.dir), host: values.host, port: Number(values.port) };
    const laptop = await openLaptop(
      wrong.door(vendorsDoor()),
      clouds,
      place,
      { ...appDeps, now: wrong.now },
      wrong.answer,
    );
    io.stderr.write(
      `The authority serves ${laptop.access.url}; its keys are in ${resolve(values.dir, 'local.json')}\n`,
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    laptop.server.close();
    laptop.server.closeAllConnections();
    await laptop.close();
    return 0;
  },
};
