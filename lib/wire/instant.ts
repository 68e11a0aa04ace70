/**
 * Reads an RFC 3339 instant, however many digits its seconds have (Ceph writes nine); a leap second, which a Date does not
 * have, is the second behind it. `zone` says what a
 * text without an offset is: nothing that can be read, or UTC. Returns undefined if the text names no instant.
 */
export const readInstant = (text: string | undefined, zone: 'required' | 'utc' = 'required'): Date | undefined => {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:(Z)|([+-]\d\d):?(\d\d))?$/i.exec(text ?? '');
  if (parts === null) return undefined;
  const [, day, time, fraction = '', utc, hours, minutes] = parts;
  if (utc === undefined && hours === undefined && zone === 'required') return undefined;
  const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const leap = time?.endsWith(':60') === true;
  const second = leap ? time?.replace(/:60$/, ':59') : time;
  const date = new Date(`${day}T${second}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  if (leap) date.setTime(date.getTime() + 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** A number as two digits. */
const twoDigits = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** The day of an instant in UTC: year, month and day, with what is to stand between them. */
export const dayText = (instant: Date, between: string): string =>
  instant.getUTCFullYear() + between + twoDigits(instant.getUTCMonth() + 1) + between + twoDigits(instant.getUTCDate());

/** The time of day of an instant in UTC: hours, minutes and seconds, with what is to stand between them. */
export const timeOfDayText = (instant: Date, between: string): string =>
  twoDigits(instant.getUTCHours()) +
  between +
  twoDigits(instant.getUTCMinutes()) +
  between +
  twoDigits(instant.getUTCSeconds());

/** `2026-11-22T02:34:16`, in UTC: RFC 3339 to the second, but for its zone. */
export const secondText = (instant: Date): string => `${dayText(instant, '-')}T${timeOfDayText(instant, ':')}`;
