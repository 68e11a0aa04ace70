import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clouds, spec } from '../functions/sts.ts';
import type { PagedDeps } from '../lib/app/deps.ts';
import { listenSettings } from '../lib/app/listen-settings.ts';
import { configPathOf, openConfig } from '../lib/app/open-config.ts';
import { processDeps } from '../lib/app/process-deps.ts';
import { processLog } from '../lib/app/process-log.ts';
import { runEveryMinute } from '../lib/app/run-every-minute.ts';
import { openServer } from '../lib/app/server.ts';
import { startFailure } from '../lib/app/start-failure.ts';
import { type Started, startSummary, summaryInWords } from '../lib/app/start-summary.ts';
import type { Config } from '../lib/config/config.ts';
import { openBuiltPage } from '../lib/console/built-page.ts';
import { causeInWords, causeOf } from '../lib/core/cause.ts';
import { omitUndefined } from '../lib/core/omit-undefined.ts';
import { impossible } from '../lib/diagnostics/impossible.ts';
import { openLaptop } from '../lib/laptop/laptop.ts';
import { welcome } from '../lib/laptop/welcome.ts';
import type { Log } from '../lib/telemetry/log.ts';
import { onHangUp } from './on-hang-up.ts';
import { possibleDepsOf } from './possible-deps.ts';
import { version } from './version.ts';

/** A server that is up. */
interface Running {
  /** Tells whoever started it. Called once it listens for signals, as somebody may send one upon hearing of it. */
  announce(): void;
  /** Ends the server; resolves to the exit code. */
  leave(signal: NodeJS.Signals): Promise<number>;
}

/** The page as it was built: before `npm start`, or into the image. */
const pagedDeps = async (log: Log): Promise<PagedDeps> => {
  const page = await openBuiltPage(fileURLToPath(new URL('../dist/console', import.meta.url)));
  return omitUndefined<PagedDeps>({ ...processDeps(log), version, page });
};

const say = (log: Log, started: Started): void => {
  if (process.stderr.isTTY) process.stderr.write(`${summaryInWords(started)}\n`);
  else log('info', 'credmint serves', startSummary(started));
};

/** Without a configuration: everything on this machine. */
const startLaptop = async (log: Log): Promise<Running> => {
  const { host = '127.0.0.1', port = 3000 } = listenSettings(process.env);
  const folder = resolve(process.env['CREDMINT_DIR'] || '.credmint');
  const laptop = await openLaptop(spec, clouds, { folder, host, port }, await pagedDeps(log));
  const { config, configPath, listensAt: url } = laptop;
  const refresh = runEveryMinute(laptop.keepFresh, (thrown) =>
    log('error', 'leases were not refreshed', { cause: causeInWords(causeOf(thrown)) }),
  );
  return {
    announce: () => {
      say(log, { version, configPath, config, url, development: true });
      process.stderr.write(welcome(laptop, clouds));
    },
    leave: async () => {
      // First of all, as the refresh mints at this very server.
      await refresh.stop();
      laptop.endStreams();
      const closed = new Promise((done) => laptop.server.close(done));
      laptop.server.closeIdleConnections();
      await closed;
      await laptop.close();
      return 0;
    },
  };
};

/**
 * Says what of a configuration can never work. `credmint check` refuses it, so that it is mended before it is deployed; a
 * server serves what works: a grant that gives nobody anything is no reason to give nobody anything at all.
 */
const warnOfImpossible = ({ written }: Config, log: Log): void => {
  for (const what of impossible(written, possibleDepsOf(clouds))) {
    log('warn', 'the configuration has something that can never work', { what });
  }
};

/** With a configuration: exactly what it says. */
const startConfigured = async (configPath: string, log: Log): Promise<Running> => {
  const { begin } = onHangUp(process);
  const wanted = listenSettings(process.env);
  const deps = await pagedDeps(log);
  const config = await openConfig(deps);
  warnOfImpossible(config, log);
  const { host = '127.0.0.1', port = 3000, metricsPort, noticeSeconds } = config.server;
  const server = await openServer(spec, config, { host, port, ...omitUndefined({ metricsPort }), ...wanted }, deps);
  const { url, metricsUrl } = server;
  begin(async () => {
    try {
      const next = await openConfig(deps);
      server.reload(next);
      warnOfImpossible(next, log);
      log('info', 'the configuration was read again', { configuration: configPath });
    } catch (thrown) {
      log('error', 'the configuration was not read again, and the one before is kept', { why: startFailure(thrown) });
    }
  });
  return {
    announce: () =>
      say(log, { version, configPath, config, url, development: false, ...omitUndefined({ metricsUrl }) }),
    // A platform's balancers must hear of the end first; a person at a terminal waits for it.
    leave: async (signal) => ((await server.leave(signal === 'SIGTERM' ? noticeSeconds : 0)) ? 0 : 1),
  };
};

const fail = (thrown: unknown): void => {
  process.stderr.write(`${startFailure(thrown)}\n`);
  process.exit(1);
};

const run = ({ announce, leave }: Running): void => {
  let leaving = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal ends the process at once.
      if (leaving) process.exit(1);
      leaving = true;
      leave(signal).then((code) => process.exit(code), fail);
    });
  }
  announce();
};

/** A configuration that is named must be there; the usual one may be absent, and then the laptop is set up. */
const start = async (): Promise<Running> => {
  const log = processLog('info');
  const path = configPathOf(process.env);
  const isNamed = Boolean(process.env['CREDMINT_CONFIG']);
  return isNamed || existsSync(path) ? startConfigured(path, log) : startLaptop(log);
};

start().then(run, fail);
