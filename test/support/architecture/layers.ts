/** What one folder of the source may reach. Everything else it may not, and what it does not use is not listed. */
export interface Layer {
  /** Layers that stand before it in the table, by name. A layer may always import its own files. */
  readonly imports?: readonly string[];
  /** Layers of which it may import types alone: it is handed the values. */
  readonly types?: readonly string[];
  /** Packages of package.json. */
  readonly packages?: readonly string[];
  /** Node's own modules, besides those that reach nothing outside the process (`pure`). */
  readonly node?: readonly string[];
  /** Whether it may read `process.env`. */
  readonly environment?: true;
  /** Whether it may read the time, wait, or draw a random number, rather than be handed them. */
  readonly clock?: true;
  /** Whether it may open a `Secret`. */
  readonly reveals?: true;
}

/** Every layer, from the bottom up. */
export type Layers = Readonly<Record<string, Layer>>;

/** Where a file belongs: the name of its layer in the table, and the folder or file that the name stands for. */
export interface Placed {
  readonly name: string;
  readonly place: string;
}

/** Node's modules that any layer may use: they reach no network, no file, no clock. */
export const pure = ['node:assert', 'node:buffer', 'node:crypto', 'node:util', 'node:zlib'];

/**
 * The layer of a file: the longest name of the table that fits. A name is a file, a folder, or `folder/*` for each
 * folder in it; those are then layers that may not import each other.
 */
export const layerOf = (file: string, layers: Layers): Placed | undefined => {
  const matches = Object.keys(layers).flatMap((name) => {
    if (file === name || file.startsWith(`${name}/`)) return [{ name, place: name }];
    if (!name.endsWith('/*')) return [];
    const parent = name.slice(0, -1);
    const inner = file.startsWith(parent) ? file.slice(parent.length).split('/') : [];
    return inner.length > 1 ? [{ name, place: `${parent}${inner[0]}` }] : [];
  });
  return matches.sort((a, b) => b.place.length - a.place.length)[0];
};
