import { upstreamsWith } from '../../lib/clouds/dialects.ts';
import { presets } from '../../lib/config/sections/callers/jwt-presets.ts';
import type { ProveDeps } from '../../lib/diagnostics/prove/configured.ts';
import { rangesOf } from '../../lib/diagnostics/prove/ranges.ts';
import { progressOn, shareText } from '../progress.ts';
import type { Io } from './command.ts';

/** Proves something, with what proofs must know besides the configuration, and shows at a terminal how far it is. */
export const proving = <Result>({ clouds, stderr }: Io, prove: (deps: ProveDeps) => Result): Result => {
  const progress = progressOn(stderr);
  const upstreams = upstreamsWith(clouds);
  try {
    return prove({
      presets,
      range: rangesOf(upstreams, clouds),
      checkPolicy: (cloud, policy) => upstreams.find(({ id }) => id === cloud)?.checkPolicy(policy),
      now: new Date(),
      onProgress: (done, total) => progress.at(() => shareText('proving', done, total)),
    });
  } finally {
    progress.end();
  }
};
