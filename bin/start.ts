import { resolve } from 'node:path';
import { clouds, spec } from '../functions/sts.ts';
import { openConfig } from '../lib/app/open-config.ts';
import { processDeps } from '../lib/app/process-deps.ts';
import { runEveryMinute } from '../lib/app/run-every-minute.ts';
import { openServer } from '../lib/app/server.ts';
import { omitUndefined } from '../lib/core/omit-undefined.ts';
import { openLaptop } from '../lib/laptop/laptop.ts';
import { welcome } from '../lib/laptop/welcome.ts';

const { CREDMINT_CONFIG, CREDMINT_DIR = '.credmint', HOST, METRICS_PORT, PORT } = process.env;

/** Ends the server; resolves to the exit code. */
type Leave = (signal: NodeJS.Signals) => Promise<number>;

/** Without a configuration: everything on this machine. */
const startLaptop = async (): Promise<Leave> => {
  const place = { folder: resolve(CREDMINT_DIR), host: HOST ?? '127.0.0.1', port: Number(PORT ?? 3000) };
  const laptop = await openLaptop(spec, clouds, place, processDeps());
  console.error(welcome(laptop, clouds));
  const refresh = runEveryMinute(laptop.keepFresh, (thrown) =>
    console.error(thrown instanceof Error ? thrown.message : thrown),
  );
  return async () => {
    // First of all, as the refresh mints at this very server.
    await refresh.stop();
    const closed = new Promise((done) => laptop.server.close(done));
    laptop.server.closeIdleConnections();
    await closed;
    await laptop.close();
    return 0;
  };
};

/** With a configuration: exactly what it says. */
const startConfigured = async (): Promise<Leave> => {
  const config = await openConfig(processDeps());
  const { host, port, metricsPort, noticeSeconds } = config.server;
  const address = omitUndefined({
    host: HOST ?? host ?? '127.0.0.1',
    port: Number(PORT ?? port ?? 3000),
    metricsPort: METRICS_PORT === undefined ? metricsPort : Number(METRICS_PORT),
  });
  const server = await openServer(spec, config, address, processDeps());
  console.error(`credmint serves ${server.url}`);
  if (server.metricsUrl !== undefined) console.error(`metrics at ${server.metricsUrl}`);
  // A platform's balancers must hear of the end first; a person at a terminal waits for it.
  return async (signal) => ((await server.leave(signal === 'SIGTERM' ? noticeSeconds : 0)) ? 0 : 1);
};

const failureMessages: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use; choose another one with PORT.',
  ENOTSUP: 'This system cannot share a port between processes (server.reusePort).',
};

const fail = ({ code = '', message }: NodeJS.ErrnoException): void => {
  console.error(failureMessages[code] ?? message);
  process.exit(1);
};

const leaveOnSignal = (leave: Leave): void => {
  let leaving = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal ends the process at once.
      if (leaving) process.exit(1);
      leaving = true;
      leave(signal).then((code) => process.exit(code), fail);
    });
  }
};

(CREDMINT_CONFIG === undefined ? startLaptop() : startConfigured()).then(leaveOnSignal, fail);
