import { presets } from '../../lib/config/sections/callers/jwt-presets.ts';
import type { ProveDeps } from '../../lib/diagnostics/prove/configured.ts';
import { rangesOf } from '../../lib/diagnostics/prove/ranges.ts';
import type { Io } from './command.ts';

/** What proofs must know besides the configuration. */
export const proveDepsOf = ({ clouds }: Io): ProveDeps => ({
  presets,
  range: rangesOf(clouds),
  checkPolicy: (cloud, policy) => clouds.find(({ id }) => id === cloud)?.checkPolicy(policy),
  now: new Date(),
});
