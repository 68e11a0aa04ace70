import * as v from 'valibot';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Times } from '../../grants/times.ts';
import { described, instant } from '../values.ts';

/** In the order of `Date.getUTCDay`. */
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

const minuteOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, 08:30'));

/** When a grant is valid, as it is written. */
export const times = v.strictObject({
  from: described('The instant from which the grant is valid.', v.optional(instant)),
  until: described('The instant until which the grant is valid.', v.optional(instant)),
  daily: described(
    'The time of day, in UTC, in which the grant is valid.',
    v.optional(
      v.strictObject({
        begins: described('The first minute, as 08:30.', minuteOfDay),
        ends: described('The minute after the last, as 18:00.', minuteOfDay),
      }),
    ),
  ),
  days: described(
    'The days of the week, in UTC, on which the grant is valid.',
    v.optional(v.pipe(v.array(v.picklist(dayNames)), v.minLength(1))),
  ),
});

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** When a grant is valid, as it is decided by. */
export const timesOf = ({ from, until, daily, days }: v.InferOutput<typeof times>): Times =>
  omitUndefined({
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
    daily: daily && { begins: minutes(daily.begins), ends: minutes(daily.ends) },
    days: days && new Set(days.map((day) => dayNames.indexOf(day))),
  });
