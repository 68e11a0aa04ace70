import * as v from 'valibot';
import type { Oddity } from '../../laptop/faults/settings.ts';

const share = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0);
const seconds = v.pipe(v.number(), v.minValue(1), v.maxValue(86_400));
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(60_000));

const oddities = ['AssumeRoleId', 'nanoseconds', 'noRequestId', 's3Errors'] as const satisfies readonly Oddity[];

/** How the authority of a server misbehaves, for those who want to see how their clients bear it. Never in production. */
export const faults = v.strictObject({
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)), 1),
  throttle: v.optional(v.strictObject({ perSecond: v.pipe(v.number(), v.minValue(0), v.maxValue(100_000)) })),
  latency: v.optional(
    v.strictObject({
      milliseconds,
      /** How much longer it may be. */
      spread: v.optional(milliseconds, 0),
      share: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
    }),
  ),
  reset: share,
  cut: share,
  wrongType: share,
  empty: share,
  odd: v.optional(v.array(v.picklist(oddities)), []),
  skewSeconds: v.optional(v.pipe(v.number(), v.minValue(-86_400), v.maxValue(86_400)), 0),
  expireAfterSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(43_200))),
  rotation: v.optional(v.strictObject({ everySeconds: seconds, lastsSeconds: seconds })),
});
