/**
 * The lists of parts that functions are composed of: each an object of the sources with one part a line. A function that
 * is built for a configuration has the lines that its configuration needs; everything else runs with all of them.
 */
export const lists = {
  /** How clouds are called. */
  clouds: { file: 'lib/clouds/catalog.ts', object: 'catalog' },
  /** Clouds in whose wire format callers are answered. */
  dialects: { file: 'lib/clouds/dialects.ts', object: 'bothWays' },
  /** What is spoken besides. */
  general: { file: 'lib/clouds/dialects.ts', object: 'general' },
  /** From where a process has the identity that its platform gives it. */
  identities: { file: 'lib/identity/runtime-key.ts', object: 'fetchers' },
  /** Places of secrets that are asked over the network. */
  secrets: { file: 'lib/config/references/remote.ts', object: 'places' },
  /** Sections of the configuration that may be absent. */
  sections: { file: 'lib/config/config.ts', object: 'optional' },
  /** How the ways of proving a caller are configured. */
  proofs: { file: 'lib/config/sections/callers.ts', object: 'readers' },
  /** How callers are proven. */
  ways: { file: 'lib/app/compose-authentication.ts', object: 'ways' },
  /** How requests of the JSON API are signed. */
  schemes: { file: 'lib/clouds/json/proof.ts', object: 'schemes' },
  /** In what policies of grants and of the authority are written. */
  grammars: { file: 'lib/policies/grammars.ts', object: 'grammars' },
  /** Products that have a part of the protocol of AWS STS. */
  profiles: { file: 'lib/clouds/aws/profiles.ts', object: 'profiles' },
  /** What a store says of its failures. */
  causes: { file: 'lib/core/cause.ts', object: 'stores' },
  /** What only commands of the operator ask of a cloud. */
  diagnosis: { file: 'lib/clouds/aws/cloud.ts', object: 'diagnosis' },
  issuers: { file: 'lib/app/compose-issuer.ts', object: 'makers' },
  metrics: { file: 'lib/app/create-app.ts', object: 'metrics' },
  stores: { file: 'lib/app/open-store.ts', object: 'stores' },
  servers: { file: 'lib/config/sections/store.ts', object: 'servers' },
  sinks: { file: 'lib/app/open-trail.ts', object: 'sinks' },
  deliveries: { file: 'lib/delivery/deliveries.ts', object: 'deliveries' },
  /** What the drop-in endpoint has besides dialects and clouds. */
  features: { file: 'lib/app/drop-in-spec.ts', object: 'features' },
  /** Forms of HTTP events. */
  shapes: { file: 'lib/app/functions/handler.ts', object: 'shapes' },
  /** From where a function takes its configuration. */
  configurations: { file: 'lib/app/functions/configuration.ts', object: 'sources' },
} as const satisfies Readonly<Record<string, { readonly file: string; readonly object: string }>>;

export type ListName = keyof typeof lists;

/** The parts that a function carries, by list. */
export type Selection = Readonly<Record<ListName, ReadonlySet<string>>>;

interface ListInSource {
  readonly before: string;
  readonly after: string;
  readonly parts: readonly { readonly name: string; readonly text: string }[];
}

/** Finds a list in its source. A part begins at two spaces, with its comment, and ends where the next one begins. */
const listIn = (source: string, object: string): ListInSource => {
  const [head] = new RegExp(`^(?:export )?const ${object}\\b[^=]*(?:=>[^=]*)*= \\{\\n`, 'm').exec(source) ?? [];
  const begin = head === undefined ? -1 : source.indexOf(head) + head.length;
  const end = source.indexOf('\n}', begin - 1) + 1;
  if (head === undefined || end === 0) throw new Error(`There is no list ${object}.`);
  const parts: { name: string; text: string }[] = [];
  let comment = '';
  for (const text of source.slice(begin, end).split(/^(?= {2}[\w'/])/m)) {
    const [, name] = /^ {2}'?([\w-]+)'?/.exec(text) ?? [];
    if (name !== undefined) parts.push({ name, text: comment + text });
    comment = name === undefined ? comment + text : '';
  }
  return { before: source.slice(0, begin), after: source.slice(end), parts };
};

/** The names of a list's parts, in their order. */
export const partsOf = (source: string, list: ListName): readonly string[] =>
  listIn(source, lists[list].object).parts.map(({ name }) => name);

/** The source of a file with the parts that are selected, of each list in it. Throws if one that is selected is not there. */
export const withParts = (file: string, source: string, selection: Selection): string => {
  let text = source;
  for (const [name, { file: own, object }] of Object.entries(lists)) {
    if (own !== file) continue;
    const { before, after, parts } = listIn(text, object);
    const wanted = selection[name as ListName];
    const unknown = [...wanted].filter((part) => !parts.some((each) => each.name === part));
    if (unknown.length > 0) throw new Error(`${file}: ${object} has no ${unknown.join(', ')}.`);
    text = before + parts.flatMap((part) => (wanted.has(part.name) ? [part.text] : [])).join('') + after;
  }
  return text;
};
