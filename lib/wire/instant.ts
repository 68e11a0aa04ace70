/**
 * Reads an RFC 3339 instant, however many digits its seconds have (Ceph writes nine); past is past. `zone` says what a
 * text without an offset is: nothing that can be read, or UTC. Returns undefined if the text names no instant.
 */
export const readInstant = (text: string | undefined, zone: 'required' | 'utc' = 'required'): Date | undefined => {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(?:(Z)|([+-]\d\d):?(\d\d))?$/i.exec(text ?? '');
  if (parts === null) return undefined;
  const [, day, time, fraction = '', utc, hours, minutes] = parts;
  if (utc === undefined && hours === undefined && zone === 'required') return undefined;
  const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const date = new Date(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
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
