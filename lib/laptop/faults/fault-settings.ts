import * as v from 'valibot';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const seconds = v.pipe(v.number(), v.minValue(1), v.maxValue(86_400));
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(60_000));

/** Deviations in vendors' replies that clients have broken on. */
const deviations = ['AssumeRoleId', 'nanoseconds', 'noRequestId', 's3Errors'] as const;

/** How the local authority misbehaves, so that clients can be tested against it. Shares are from 0 to 1. */
export const faultSettings = v.strictObject({
  /** The same seed and the same requests in the same order meet the same faults. */
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)), 1),
  /** Answers this many requests a second and refuses the others as throttled. */
  throttle: v.optional(v.strictObject({ perSecond: v.pipe(v.number(), v.minValue(0), v.maxValue(100_000)) })),
  latency: v.optional(
    v.strictObject({
      milliseconds,
      /** How much longer it may be, in milliseconds. */
      spread: v.optional(milliseconds, 0),
      share: v.optional(share, 1),
    }),
  ),
  /** Connections that are reset instead of answered. */
  reset: v.optional(share, 0),
  /** Answers of which only the first half is sent. */
  cut: v.optional(share, 0),
  /** Answers that are replaced by a gateway's page. */
  wrongType: v.optional(share, 0),
  /** Credentials whose three parts are empty. */
  empty: v.optional(share, 0),
  odd: v.optional(v.array(v.picklist(deviations)), []),
  /** How far the authority's clock is ahead. */
  skewSeconds: v.optional(v.pipe(v.number(), v.minValue(-86_400), v.maxValue(86_400)), 0),
  /** The longest that credentials live, whatever was asked for. */
  expireAfterSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(43_200))),
  /** Callers' keys change at this interval, and for a while after each change none of them is known. */
  rotation: v.optional(v.strictObject({ everySeconds: seconds, lastsSeconds: seconds })),
});

export type FaultSettings = v.InferOutput<typeof faultSettings>;
export type Deviation = FaultSettings['odd'][number];
