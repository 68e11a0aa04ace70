import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type IDependency, type IModule } from 'dependency-cruiser';
import { type Layer, type Layers, layerOf, type Placed, pure } from './layers.ts';

const ours = ['lib', 'functions', 'bin', 'console'];

/** Every module of ours under a folder, and what each imports, types too. */
export const cruiseModules = async (root: string): Promise<readonly IModule[]> => {
  const { output } = await cruise(
    ours.filter((folder) => existsSync(join(root, folder))),
    {
      baseDir: root,
      tsPreCompilationDeps: 'specify',
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '\\.test\\.ts$|/fixtures/' },
    },
  );
  if (typeof output === 'string') throw new Error(output);
  return output.modules.filter((module) => ours.some((folder) => module.source.startsWith(`${folder}/`)));
};

/** One permission that a file makes use of, and how a fault names it. */
interface Use {
  readonly layer: Placed;
  readonly file: string;
  readonly kind: keyof Layer;
  /** The layer, package or module that is used. */
  readonly of: string;
  /** What stands in the file. */
  readonly what: string;
  readonly target?: Placed;
  readonly isType?: boolean;
}

/** The package of an import; of a file that no layer may hold, such as package.json, the file. */
const packageOf = ({ module, resolved }: IDependency): string =>
  module.startsWith('.') ? resolved : module.split('/', module.startsWith('@') ? 2 : 1).join('/');

const isType = (dependency: IDependency): boolean => dependency.dependencyTypes.includes('type-only');

/** A file of ours that is imported and is not there. */
const isMissing = ({ couldNotResolve, module }: IDependency): boolean => couldNotResolve && module.startsWith('.');

const isOurs = (file: string): boolean => ours.some((folder) => file.startsWith(`${folder}/`));

const useOf = (file: string, layer: Placed, dependency: IDependency, layers: Layers): Use | undefined => {
  const { resolved } = dependency;
  if (isMissing(dependency)) return undefined; // said by `strays`
  if (dependency.coreModule) {
    const module = `node:${resolved.replace(/^node:/, '')}`;
    if (isType(dependency) || pure.includes(module)) return undefined;
    return { layer, file, kind: 'node', of: module, what: module };
  }
  const target = layerOf(resolved, layers);
  if (target?.place === layer.place) return undefined;
  if (target) {
    return { layer, file, kind: 'imports', of: target.name, what: resolved, target, isType: isType(dependency) };
  }
  if (isOurs(resolved)) return undefined; // in no layer: said of the file itself
  if (resolved === 'package.json') return undefined; // data: the version
  return { layer, file, kind: 'packages', of: packageOf(dependency), what: dependency.module };
};

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, '');

const marks: readonly { readonly kind: 'environment' | 'clock' | 'reveals'; readonly pattern: RegExp }[] = [
  { kind: 'environment', pattern: /\bprocess\s*\.\s*env\b/ },
  { kind: 'reveals', pattern: /\.reveal\(/ },
  {
    kind: 'clock',
    pattern:
      /\bDate\.now\b|\bperformance\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\brandom(?:Bytes|UUID|Int|FillSync)\b|\bset(?:Timeout|Interval|Immediate)\b|\bAbortSignal\.timeout\b/,
  },
];

const usesOfText = (file: string, layer: Placed, text: string): readonly Use[] => {
  const code = withoutComments(text);
  return marks.flatMap(({ kind, pattern }) => {
    const found = pattern.exec(code);
    return found === null ? [] : [{ layer, file, kind, of: kind, what: found[0].replace(/^\.reveal\($/, 'reveal()') }];
  });
};

const usesOf = (modules: readonly IModule[], root: string, layers: Layers): readonly Use[] =>
  modules.flatMap(({ source, dependencies }) => {
    const layer = layerOf(source, layers);
    if (layer === undefined) return [];
    return [
      ...dependencies.flatMap((dependency) => useOf(source, layer, dependency, layers) ?? []),
      ...(/\.tsx?$/.test(source) ? usesOfText(source, layer, readFileSync(join(root, source), 'utf8')) : []),
    ];
  });

const listed = ({ imports = [], types = [] }: Layer): string =>
  [...imports, ...types.map((name) => `types of ${name}`)].join(', ') || 'nothing';

const sentences = {
  environment: 'may not read the environment',
  clock: 'is handed the time and chance',
  reveals: 'may not open a secret',
} as const;

const faultOf = (use: Use, layers: Layers): string | undefined => {
  const { layer, file, kind, of, what } = use;
  const allowed = layers[layer.name] ?? {};
  const line = `${file} -> ${what}: ${layer.name}`;
  switch (kind) {
    case 'imports':
      if (of === layer.name) return `${file} -> ${what}: no two of ${of} may import each other`;
      if (allowed.imports?.includes(of)) return undefined;
      if (!allowed.types?.includes(of)) return `${line} may import ${listed(allowed)}`;
      return use.isType ? undefined : `${line} may import types alone from ${of}`;
    case 'packages':
      return allowed.packages?.includes(of)
        ? undefined
        : `${line} may import ${allowed.packages?.join(', ') ?? 'no package'}`;
    case 'node':
      return allowed.node?.includes(of) ? undefined : `${line} may not use it`;
    case 'environment':
    case 'clock':
    case 'reveals':
      return allowed[kind] ? undefined : `${line} ${sentences[kind]}`;
    default:
      return undefined;
  }
};

/** Every import of a module that is not there, and every file that no layer holds. */
const strays = (modules: readonly IModule[], layers: Layers): readonly string[] =>
  modules.flatMap(({ source, dependencies }) => [
    ...(layerOf(source, layers) ? [] : [`${source}: is in no layer of the table`]),
    ...dependencies.filter(isMissing).map(({ resolved }) => `${source} -> ${resolved}: there is no such file`),
  ]);

/** Every import and every use of the outside that the table forbids, one line each. */
export const faultsOf = (modules: readonly IModule[], root: string, layers: Layers): string[] => [
  ...strays(modules, layers),
  ...usesOf(modules, root, layers).flatMap((use) => faultOf(use, layers) ?? []),
];

/** Every permission of the table that nobody uses, and every one to import a layer that stands later in it. */
export const tableFaults = (modules: readonly IModule[], root: string, layers: Layers): string[] => {
  const uses = usesOf(modules, root, layers);
  const order = Object.keys(layers);
  return Object.entries(layers).flatMap(([name, layer]) => {
    const own = uses.filter((use) => use.layer.name === name);
    const isUsed = (kind: keyof Layer, of: string): boolean => own.some((use) => use.kind === kind && use.of === of);
    const { imports = [], types = [], packages = [], node = [] } = layer;
    return [
      ...[...imports, ...types]
        .filter((other) => order.indexOf(other) >= order.indexOf(name))
        .map((other) => `${name} imports ${other}, which does not stand before it`),
      ...[...imports, ...types].filter((of) => !isUsed('imports', of)).map((of) => `${name} does not import ${of}`),
      ...imports
        .filter((of) => isUsed('imports', of) && own.every((use) => use.of !== of || use.isType))
        .map((of) => `${name} imports types alone from ${of}`),
      ...packages.filter((of) => !isUsed('packages', of)).map((of) => `${name} does not use ${of}`),
      ...node.filter((of) => !isUsed('node', of)).map((of) => `${name} does not use ${of}`),
      ...(['environment', 'clock', 'reveals'] as const)
        .filter((kind) => layer[kind] && !isUsed(kind, kind))
        .map((kind) => `${name} has no use for ${kind}`),
    ];
  });
};

/** The files that import each other in a circle, types included; each circle once, as a list of its files. */
export const circlesOf = (modules: readonly IModule[]): string[][] => {
  const edges = new Map(
    modules.map(({ source, dependencies }) => [source, dependencies.map(({ resolved }) => resolved).filter(isOurs)]),
  );
  const reachable = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const open = [...(edges.get(from) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(edges.get(next) ?? []));
    }
    return seen;
  };
  const reached = new Map([...edges.keys()].map((file) => [file, reachable(file)]));
  const circles = new Map<string, string[]>();
  for (const [file, others] of reached) {
    if (!others.has(file)) continue;
    const members = [...others].filter((other) => reached.get(other)?.has(file)).sort();
    circles.set(members.join(), members);
  }
  return [...circles.values()];
};
