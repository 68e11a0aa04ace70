import { randomInt } from 'node:crypto';
import type { Log } from '../telemetry/log.ts';
import { nodeTransport } from '../transport/node-http.ts';
import type { ProcessDeps } from './deps.ts';
import { loggedTransport } from './logged-transport.ts';
import { processLog } from './process-log.ts';

/** The network, the clock, the chance and the log of this process. A function logs what fails; its requests are in the audit trail. */
export const processDeps = (log: Log = processLog('warn')): ProcessDeps => ({
  transport: loggedTransport(nodeTransport(), log),
  log,
  now: () => new Date(),
  nonce: () => randomInt(1, 2 ** 47),
});
