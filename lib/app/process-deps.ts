import { randomInt } from 'node:crypto';
import { nodeTransport } from '../transport/node-http.ts';
import type { ProcessDeps } from './deps.ts';

/** The network, the clock and the chance of this process. */
export const processDeps = (): ProcessDeps => ({
  transport: nodeTransport(),
  now: () => new Date(),
  nonce: () => randomInt(1, 2 ** 47),
});
