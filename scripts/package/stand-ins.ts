import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { ConfigError } from '../../lib/config/config-error.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type FoundReference, listReferences } from '../../lib/config/references/list.ts';
import { isRemote } from '../../lib/config/references/reference.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Environment } from '../../lib/identity/environment.ts';

/** Texts in the place of what references will lead to where the function runs. */
export interface StandIns {
  /** By reference. */
  readonly texts: ReadonlyMap<string, string>;
  /** The environment that they are found in, with that of the platform. */
  readonly environment: Environment;
  /** References for which none of our texts is valid, so that what stands there cannot be rehearsed. */
  readonly unknown: readonly FoundReference[];
  /** What is wrong with the configuration whatever its references lead to. */
  readonly faults: readonly string[];
}

/** One text for each form that a reference may have to lead to. */
const forms = (): readonly string[] => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'stand-in' };
  return [
    randomBytes(32).toString('base64'),
    randomBytes(32).toString('hex'),
    randomBytes(32).toString('base64url'),
    JSON.stringify(jwk),
    JSON.stringify({ keys: [{ ...jwk, alg: 'ES256', use: 'sig' }] }),
    JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'stand-in' }),
    privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    'https://stand-in.example.com/',
  ];
};

/** Whether a fault is about the member at a path, or about a part of it. */
const concerns = (fault: string, path: string): boolean => fault.startsWith(`${path}:`) || fault.startsWith(`${path}.`);

/**
 * Reads a configuration with texts of ours in the place of what only the platform has, and looks for texts that are
 * valid there. `file:` references lead to the files themselves.
 */
export const findStandIns = (json: unknown, folder: string, platform: Environment): StandIns => {
  const elsewhere = listReferences(json).filter(({ reference }) => !/^file:(?!\/)/.test(reference));
  const texts = new Map<string, string>();
  let open = elsewhere;
  let found: readonly string[] = [];
  for (const text of forms()) {
    for (const { reference } of open) texts.set(reference, text);
    found = faultsOf(json, folder, environmentOf(texts, platform), texts);
    open = elsewhere.filter(({ path }) => found.some((fault) => concerns(fault, path)));
    if (open.length === 0) break;
  }
  return {
    texts,
    environment: environmentOf(texts, platform),
    unknown: open,
    faults: found.filter((fault) => !elsewhere.some(({ path }) => concerns(fault, path))),
  };
};

/** The variable that stands for a file of the machine where the function runs, which there is none of here. */
const variableOf = (reference: string): string => `CREDMINT_FILE_${Buffer.from(reference).toString('hex')}`;

const isElsewhere = (reference: string): boolean => reference.startsWith('file:/');

/** The same configuration, with a variable in the place of each such file. */
const withoutElsewhere = (value: unknown): unknown => {
  if (typeof value === 'string') return isElsewhere(value) ? `env:${variableOf(value)}` : value;
  if (Array.isArray(value)) return value.map(withoutElsewhere);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutElsewhere(inner)]));
};

const environmentOf = (texts: ReadonlyMap<string, string>, platform: Environment): Environment => ({
  ...platform,
  ...Object.fromEntries(
    [...texts].flatMap(([reference, text]) => {
      if (isElsewhere(reference)) return [[variableOf(reference), text]];
      return reference.startsWith('env:') ? [[reference.slice('env:'.length), text]] : [];
    }),
  ),
});

const faultsOf = (
  json: unknown,
  folder: string,
  environment: Environment,
  texts: ReadonlyMap<string, string>,
): readonly string[] => {
  const remote = new Map(
    [...texts].flatMap(([reference, text]) => (isRemote(reference) ? [[reference, new Secret(text)] as const] : [])),
  );
  try {
    readConfig(withoutElsewhere(json), { folder, environment, remote: { found: remote, follow: async () => remote } });
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.faults;
    throw thrown;
  }
};
