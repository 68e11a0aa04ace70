/** In which so many calls may be made. Instants are in milliseconds since 1970, the same for every instance. */
export interface Period {
  readonly name: string;
  readonly calls: number;
  readonly end: number;
  readonly milliseconds: number;
}

/** A second; or as long as one call takes of a limit below one a second. */
export const periodOf = (limit: number, at: number): Period => {
  const milliseconds = limit >= 1 ? 1000 : Math.ceil(1000 / limit);
  const index = Math.floor(at / milliseconds);
  const name = limit >= 1 ? String(index) : `${milliseconds} ${index}`;
  return { name, calls: Math.max(1, Math.floor(limit)), end: (index + 1) * milliseconds, milliseconds };
};
