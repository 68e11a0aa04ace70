/** The time of day of an instant, in UTC: 16:04:31. */
export const clockTime = (iso: string): string => iso.slice(11, 19);

/** Date and time of an instant, in UTC. */
export const dateTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** A whole number with thin groups: 12 400. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');

/** A number a second, as short as it says something. */
export const rate = (value: number): string => (value >= 10 ? count(value) : value.toFixed(1).replace(/\.0$/, ''));

/** A time in milliseconds, as short as it says something. */
export const latency = (milliseconds: number): string => {
  if (milliseconds === 0) return '0';
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`;
  if (milliseconds >= 1_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`;
};

/** A span in its two largest units: 1 h 05 min. */
export const span = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
};

const pad = (value: number): string => String(value).padStart(2, '0');

/** The end of a long name, which is where names of roles differ. */
export const tail = (text: string, max: number): string => (text.length <= max ? text : `…${text.slice(1 - max)}`);

/** A noun with its number. */
export const counted = (value: number, one: string, more = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : more}`;
