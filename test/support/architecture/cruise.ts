import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type IDependency, type IModule } from 'dependency-cruiser';
import { type House, pure, roomOf } from './layers.ts';

const ours = ['lib', 'functions', 'bin'];

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

const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

const isType = (dependency: IDependency): boolean => dependency.dependencyTypes.includes('type-only');

const judgeImport = (from: string, dependency: IDependency, app: House): string | undefined => {
  const room = roomOf(from, app);
  if (!room) return undefined;
  const { brokerDeps = [], types = [], packages = [], node = [] } = app[room.name] ?? {};
  const line = `${from} -> ${dependency.resolved}`;

  if (dependency.coreModule) {
    if (isType(dependency)) return undefined;
    const module = `node:${dependency.resolved.replace(/^node:/, '')}`;
    const allowed = [...pure, ...node];
    return allowed.includes(module) ? undefined : `${from} -> ${module}: ${room.name} may not use it`;
  }
  if (dependency.couldNotResolve && dependency.module.startsWith('.')) return `${line}: there is no such file`;
  const target = roomOf(dependency.resolved, app);
  if (target) {
    if (target.place === room.place || brokerDeps.includes(target.name)) return undefined;
    if (types.includes(target.name)) {
      return isType(dependency) ? undefined : `${line}: ${room.name} may import types alone from ${target.name}`;
    }
    const allowed = [...brokerDeps, ...types.map((name) => `types of ${name}`)].join(', ') || 'nothing';
    return target.name === room.name
      ? `${line}: no two of ${room.name} may know each other`
      : `${line}: ${room.name} may import ${allowed}`;
  }
  if (ours.some((folder) => dependency.resolved.startsWith(`${folder}/`))) return undefined; // has no room: said below
  if (packages.includes(packageOf(dependency.module))) return undefined;
  return `${from} -> ${dependency.module}: ${room.name} may import ${packages.join(', ') || 'no package'}`;
};

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, '');

const judgeText = (file: string, text: string, app: House): string[] => {
  const room = roomOf(file, app);
  const { environment, moment, reveals } = app[room?.name ?? ''] ?? {};
  const code = withoutComments(text);
  const faults: string[] = [];
  if (!environment && /\bprocess\s*\.\s*env\b/.test(code)) {
    faults.push(`${file} -> process.env: ${room?.name} may not read the environment`);
  }
  if (!reveals && /\.reveal\(/.test(code)) faults.push(`${file} -> reveal(): ${room?.name} may not open a secret`);
  if (!moment) {
    const found =
      /\bDate\.now\b|\bperformance\.now\b|\bnew Date\(\s*\)|\bMath\.random\(|\brandom(?:Bytes|UUID|Int|FillSync)\b/.exec(
        code,
      );
    if (found) faults.push(`${file} -> ${found[0]}: ${room?.name} is handed the moment`);
  }
  return faults;
};

/** Every import and every reading of the world that the house forbids, one line each. */
export const faultsOf = (modules: readonly IModule[], root: string, app: House): string[] =>
  modules.flatMap(({ source, dependencies }) => [
    ...(roomOf(source, app) ? [] : [`${source}: is in no room of the table`]),
    ...dependencies.flatMap((dependency) => judgeImport(source, dependency, app) ?? []),
    ...(source.endsWith('.ts') ? judgeText(source, readFileSync(join(root, source), 'utf8'), app) : []),
  ]);
