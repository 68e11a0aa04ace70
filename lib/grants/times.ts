/** When a grant is valid. */
export interface Times {
  readonly from?: Date;
  readonly until?: Date;
  /** Minutes since midnight, UTC; a window that ends before it begins goes over midnight. */
  readonly daily?: { readonly begins: number; readonly ends: number };
  /** 0 is Sunday, UTC. */
  readonly days?: ReadonlySet<number>;
}

const withinDay = (minute: number, { begins, ends }: { begins: number; ends: number }): boolean =>
  begins <= ends ? minute >= begins && minute < ends : minute >= begins || minute < ends;

/** Whether a grant is valid at an instant. The end of a span is not part of it. */
export const isWithin = (times: Times, now: Date): boolean =>
  (times.from === undefined || now >= times.from) &&
  (times.until === undefined || now < times.until) &&
  (times.daily === undefined || withinDay(now.getUTCHours() * 60 + now.getUTCMinutes(), times.daily)) &&
  (times.days === undefined || times.days.has(now.getUTCDay()));
