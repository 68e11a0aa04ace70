/** In which so many calls may be made. Instants are in milliseconds since 1970, the same for every instance. */
export interface Period {
  readonly name: string;
  readonly calls: number;
  readonly end: number;
  readonly milliseconds: number;
}

/**
 * A second; or as long as one call takes of a limit below one a second. A factor of less than 1 leaves fewer calls, or
 * some periods without any; it changes all the time, so it names no period, or each would be counted anew.
 */
export const periodOf = (limit: number, factor: number, at: number): Period => {
  const milliseconds = limit >= 1 ? 1000 : Math.ceil(1000 / limit);
  const index = Math.floor(at / milliseconds);
  const name = limit >= 1 ? String(index) : `${milliseconds} ${index}`;
  const wanted = Math.max(1, limit) * factor;
  const calls = wanted >= 1 ? Math.floor(wanted) : Number(index % Math.ceil(1 / wanted) === 0);
  return { name, calls, end: (index + 1) * milliseconds, milliseconds };
};
