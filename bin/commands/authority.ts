import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { clouds, spec } from '../../functions/sts.ts';
import type { FunctionSpec } from '../../lib/app/function-spec.ts';
import { portOf } from '../../lib/app/listen-settings.ts';
import { processDeps } from '../../lib/app/process-deps.ts';
import { sleep } from '../../lib/app/sleep.ts';
import { injectFaults } from '../../lib/laptop/faults/inject-faults.ts';
import { readFaults } from '../../lib/laptop/faults/read-faults.ts';
import { openLaptop } from '../../lib/laptop/laptop.ts';
import type { Command } from './command.ts';

const usage = `credmint authority [--faults FAULTS] [--dir FOLDER] [--host HOST] [--port PORT]

  Serves the built-in authority as the STS of every cloud that it knows, until it is stopped. Its keys are in
  FOLDER/local.json. With faults it misbehaves, in the same way each time for the same seed and the same requests.

  --faults  NAME=VALUE,… or JSON or @FILE:
              throttle=5                   answers 5 requests a second
              latency=200,latency.spread=100,latency.share=0.5
              reset=0.1,cut=0.1            shares of the connections that break
              wrongType=0.1                share of the answers that are a gateway's page
              empty=0.1                    share of the credentials that are empty
              odd=AssumeRoleId+nanoseconds+noRequestId+s3Errors
              skewSeconds=600              its clock is ahead
              expireAfterSeconds=30        credentials live no longer than this
              rotation.everySeconds=60,rotation.lastsSeconds=5
              seed=1`;

/** The vendors' dialects alone: no vendor's STS has the JSON API. */
const vendorSpec = (): FunctionSpec => {
  const [first, ...rest] = spec.dialects.filter(({ id }) => id !== 'json');
  return first === undefined ? spec : { ...spec, dialects: [first, ...rest] };
};

export const authority: Command = {
  summary: 'serve the built-in authority alone, with faults if asked, to test clients against it',
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
    const deps = processDeps();
    const faults = injectFaults(settings, { now: deps.now, sleep });
    const place = { folder: resolve(values.dir), host: values.host, port: portOf('--port', values.port) };
    const laptop = await openLaptop(faults.spec(vendorSpec()), clouds, place, { ...deps, now: faults.now }, faults);
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
