import cluster from 'node:cluster';
import { resolve } from 'node:path';
import { clouds, spec } from '../functions/sts.ts';
import { deployedDeps } from '../lib/app/functions/http.ts';
import { openConfig } from '../lib/app/open-config.ts';
import { runEveryMinute } from '../lib/app/run-every-minute.ts';
import { openServer } from '../lib/app/server.ts';
import { everyonesFigures, sayServing, startCrew, workersOf } from '../lib/app/workers.ts';
import { openLaptop } from '../lib/laptop/laptop.ts';
import { welcome } from '../lib/laptop/welcome.ts';

const { CREDMINT_CONFIG, CREDMINT_DIR = '.credmint', HOST, PORT } = process.env;

/** Whoever stops a server at a terminal waits for it; a platform has balancers, who must hear of it first. */
type Leave = (signal: NodeJS.Signals) => Promise<number>;

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Without a configuration: everything on this machine. */
const onLaptop = async (): Promise<Leave> => {
  const place = { folder: resolve(CREDMINT_DIR), host: HOST ?? '127.0.0.1', port: Number(PORT ?? 3000) };
  const laptop = await openLaptop(spec, clouds, place, deployedDeps());
  console.error(welcome(laptop, clouds));
  const kept = runEveryMinute(laptop.keepFresh, (thrown) =>
    console.error(thrown instanceof Error ? thrown.message : thrown),
  );
  return async () => {
    // First: what it mints, it mints of this very server.
    await kept.stop();
    const closed = new Promise((done) => laptop.server.close(done));
    laptop.server.closeIdleConnections();
    await closed;
    await laptop.close();
    return 0;
  };
};

/** With a configuration: exactly what it says, in as many processes as it says. */
const asConfigured = async (): Promise<Leave> => {
  const config = await openConfig(deployedDeps());
  const settings = config.server;
  const count = workersOf(settings);
  const say = (url: string): void =>
    console.error(`credmint serves ${url}${count > 1 ? ` by ${count} processes` : ''}`);
  if (cluster.isPrimary && count > 1) {
    const workers = startCrew(count, settings, say);
    void workers.ended.then((code) => process.exit(code));
    return async () => {
      workers.leave();
      return workers.ended;
    };
  }
  if (config.faults !== undefined)
    console.error('credmint misbehaves as `authority.faults` says: for tests, never for use.');
  const address = { host: HOST ?? settings.host ?? '127.0.0.1', port: Number(PORT ?? settings.port ?? 3000) };
  const everyones = cluster.isWorker ? everyonesFigures(() => open.figures()) : undefined;
  const open = await openServer(spec, config, address, deployedDeps(), everyones);
  if (cluster.isWorker) sayServing(open.url);
  else say(open.url);
  return async (signal) => ((await open.leave(signal === 'SIGTERM' ? settings.noticeSeconds : 0)) ? 0 : 1);
};

const failed = (error: NodeJS.ErrnoException): void => {
  console.error(error.code === 'EADDRINUSE' ? 'The port is taken; choose another with PORT.' : error.message);
  process.exit(1);
};

const obey = (leave: Leave): void => {
  let asked = false;
  for (const signal of signals) {
    process.on(signal, () => {
      // A terminal tells the whole crew, and the first process tells it again; it leaves when that one says so.
      if (cluster.isWorker && (signal === 'SIGINT' || asked)) return;
      // Whoever asks twice means now.
      if (asked) process.exit(1);
      asked = true;
      leave(signal).then((code) => process.exit(code), failed);
    });
  }
};

(CREDMINT_CONFIG === undefined ? onLaptop() : asConfigured()).then(obey, failed);
