import type { Cloud, Upstream } from '../../core/cloud.ts';
import type { DurationRange, MintOperation } from '../../core/requests.ts';
import type { ProveDeps } from './configured.ts';

/** For how long clouds give credentials; of the built-in authority, by the spoken dialect that allows the most and the least. */
export const rangesOf =
  (upstreams: readonly Upstream[], spoken: readonly Cloud[]): ProveDeps['range'] =>
  (account, operation: MintOperation): DurationRange | undefined => {
    if (account.cloud !== 'authority') {
      return upstreams.find(({ id }) => id === account.cloud)?.calledFor(account, operation)?.seconds;
    }
    const ranges = spoken.flatMap(({ naming }) => naming.seconds[operation] ?? []);
    const [first, ...others] = ranges;
    return others.reduce<DurationRange | undefined>(
      (all, one) => all && { default: all.default, min: Math.min(all.min, one.min), max: Math.max(all.max, one.max) },
      first,
    );
  };
