import { randomInt } from 'node:crypto';
import { nodeTransport } from '../transport/node-http.ts';
import { environmentProxies } from '../transport/proxies.ts';
import type { ProcessDeps } from './deps.ts';

/** The network, with the proxies of the environment, the clock and the chance of this process. */
export const processDeps = (): ProcessDeps => {
  const proxies = environmentProxies(process.env);
  return {
    transport: nodeTransport({ proxies }),
    proxies,
    now: () => new Date(),
    nonce: () => randomInt(1, 2 ** 47),
  };
};
