/** What one room may reach. Everything else it may not. */
export interface Room {
  /** Other rooms, by their name in the table. A room may always reach itself. */
  readonly brokerDeps?: readonly string[];
  /** Rooms of which it may know the types alone: it is handed the things themselves. */
  readonly types?: readonly string[];
  /** Packages of package.json. */
  readonly packages?: readonly string[];
  /** Node's own modules, besides those that reach nothing outside (`pure`). */
  readonly node?: readonly string[];
  /** Whether it may read `process.env`. */
  readonly environment?: true;
  /** Whether it may ask what time it is, or for a random number, rather than be handed them. */
  readonly moment?: true;
  /** Whether it may open a `Secret`. */
  readonly reveals?: true;
}

export type House = Readonly<Record<string, Room>>;

/** Node's modules that any room may use: they reach no network, no file, no clock. */
export const pure = ['node:assert', 'node:buffer', 'node:crypto', 'node:util', 'node:zlib'];

/**
 * The room that a file is in: the longest name of the table that fits. A name is a file, a folder, or `folder/*` for
 * each folder in it, which are then rooms that may not reach each other.
 */
export const roomOf = (file: string, app: House): { readonly name: string; readonly place: string } | undefined => {
  const fits = Object.keys(app).flatMap((name) => {
    if (file === name || file.startsWith(`${name}/`)) return [{ name, place: name }];
    if (!name.endsWith('/*')) return [];
    const parent = name.slice(0, -1);
    const inner = file.startsWith(parent) ? file.slice(parent.length).split('/') : [];
    return inner.length > 1 ? [{ name, place: `${parent}${inner[0]}` }] : [];
  });
  return fits.sort((a, b) => b.place.length - a.place.length)[0];
};
