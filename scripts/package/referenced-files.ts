import { readFileSync } from 'node:fs';
import { isAbsolute, normalize, resolve } from 'node:path';
import { listReferences } from '../../lib/config/references/list.ts';
import { PackageError } from './package-error.ts';
import { isPublic } from './public-file.ts';

/** The files that a configuration's `file:` references lead to. */
export interface ReferencedFiles {
  /** Their bytes, by their path from the configuration's folder. */
  readonly packaged: ReadonlyMap<string, Buffer>;
  /** Absolute paths: they are of the machine that the function runs on, as a mounted disk. */
  readonly expected: readonly string[];
}

/**
 * Collects the files that a configuration refers to. Throws a PackageError if one is missing, outside of the
 * configuration's folder, or not evidently public while secrets are not allowed.
 */
export const referencedFiles = (written: unknown, folder: string, secretsAllowed: boolean): ReferencedFiles => {
  const packaged = new Map<string, Buffer>();
  const expected = new Set<string>();
  const faults: string[] = [];
  for (const { path, reference } of listReferences(written)) {
    if (!reference.startsWith('file:')) continue;
    const name = normalize(reference.slice('file:'.length));
    if (isAbsolute(name)) expected.add(name);
    else {
      const content = name.startsWith('..') ? undefined : read(resolve(folder, name));
      if (name.startsWith('..')) faults.push(`${path}: ${name} is not beside the configuration or below it`);
      else if (content === undefined) faults.push(`${path}: ${name} cannot be read`);
      else if (!secretsAllowed && !isPublic(content.toString())) {
        faults.push(`${path}: ${name} may be secret: it is no certificate, public key or public JWK`);
      } else packaged.set(name, content);
    }
  }
  if (faults.length > 0) {
    const hint = faults.some((fault) => fault.includes('may be secret'))
      ? '\nKeep secrets where only the function may read them (ssm:, secretsmanager:, tencent-ssm:), or give --with-secrets: whoever may read the package reads them too.'
      : '';
    throw new PackageError(
      `Files that the configuration refers to cannot be packaged:\n${faults.map((fault) => `  - ${fault}`).join('\n')}${hint}`,
    );
  }
  return { packaged, expected: [...expected] };
};

const read = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};
