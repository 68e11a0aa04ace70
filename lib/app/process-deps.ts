import { randomInt } from 'node:crypto';
import type { Log } from '../telemetry/log.ts';
import { nodeTransport } from '../transport/node-http.ts';
import { environmentProxies } from '../transport/proxies.ts';
import type { ProcessDeps } from './deps.ts';
import { loggedTransport } from './logged-transport.ts';
import { processLog } from './process-log.ts';
import { tracedTransport } from './traced-transport.ts';

/**
 * The network, with the proxies of the environment, the clock, the chance and the log of this process. A function logs
 * what fails; its requests are in the audit trail.
 */
export const processDeps = (log: Log = processLog('warn')): ProcessDeps => {
  const proxies = environmentProxies(process.env);
  return {
    transport: tracedTransport(loggedTransport(nodeTransport({ proxies }), log)),
    log,
    proxies,
    now: () => new Date(),
    nonce: () => randomInt(1, 2 ** 47),
  };
};
