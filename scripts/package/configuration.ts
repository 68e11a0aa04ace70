import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { upstreams } from '../../lib/clouds/catalog.ts';
import { ConfigError } from '../../lib/config/config-error.ts';
import { type ConfigFile, readConfigFile } from '../../lib/config/config-file.ts';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import { validate } from '../../lib/config/validate.ts';
import type { Environment } from '../../lib/identity/environment.ts';
import type { Target } from '../bundle.ts';
import { PackageError } from './package-error.ts';
import { referencedFiles } from './referenced-files.ts';
import { findStandIns, type StandIns } from './stand-ins.ts';

/** What a configuration is called in every package, whatever its file is called here. */
export const packagedName = 'credmint.config.json';

/** What the issuer's public documents are called, here and in a package. */
export const issuerName = 'credmint.issuer.json';

/** One configuration that functions are built for and packaged with. */
export interface PackageConfiguration {
  readonly path: string;
  readonly json: unknown;
  readonly text: Buffer;
  readonly written: WrittenConfig;
  /** What is packaged beside the code: the configuration itself, and the files that it refers to. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** The issuer's public documents, as `npx credmint issuer` has written them beside the configuration; none if not. */
  readonly issuer: ReadonlyMap<string, Buffer>;
  readonly standIns: StandIns;
  /** What the operator should know of it. */
  readonly notes: readonly string[];
}

export interface ReadOptions {
  readonly target: Target;
  readonly secretsAllowed: boolean;
  /** Names of variables that the deployment gives the functions besides the platform's own. */
  readonly variables?: readonly string[];
}

const standIn = 'stand-in';

/** What a function of a platform finds in its environment because it has a role. */
const platforms: Readonly<Record<Target, Environment>> = {
  aws: { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: standIn, AWS_SECRET_ACCESS_KEY: standIn },
  tencent: { TENCENTCLOUD_SECRETID: standIn, TENCENTCLOUD_SECRETKEY: standIn },
};

/**
 * Reads the configuration to be deployed: its form, its names, and the files that it refers to. No secret and no
 * environment of a cloud is needed. Throws a PackageError that says what to do.
 *
 * @example
 * const configuration = readConfiguration('credmint.config.json', { target: 'aws', secretsAllowed: false });
 */
export const readConfiguration = (file: string, options: ReadOptions): PackageConfiguration => {
  const path = resolve(file);
  const { json, located } = readLocated(path);
  const text = readFileSync(path);
  const validation = validate(json, upstreams);
  if ('faults' in validation) throw notUsable(path, located(validation.faults));
  const { packaged, expected } = referencedFiles(json, dirname(path), options.secretsAllowed);
  const variables = Object.fromEntries((options.variables ?? []).map((name) => [name, standIn]));
  const standIns = findStandIns(json, dirname(path), { ...platforms[options.target], ...variables });
  const faults = [...standIns.faults, ...(options.target === 'tencent' ? addressFaults(validation.written) : [])];
  if (faults.length > 0) throw notUsable(path, located(faults));
  const documents = join(dirname(path), issuerName);
  return {
    path,
    json,
    text,
    written: validation.written,
    files: new Map([...packaged, [packagedName, text]]),
    issuer: new Map(existsSync(documents) ? [[issuerName, readFileSync(documents)]] : []),
    standIns,
    notes: [
      ...expected.map((name) => `${name} is not packaged: it must be there where the function runs.`),
      ...standIns.unknown.map(({ path: at }) => `${at} is not rehearsed: what it refers to is known only there.`),
    ],
  };
};

/** A function URL of SCF does not say where a request comes from, so a grant for some addresses would never allow any. */
const addressFaults = ({ grants }: WrittenConfig): readonly string[] =>
  grants.flatMap(({ sourceIps }, index) =>
    sourceIps === undefined ? [] : [`grants.${index}.sourceIps: SCF does not say where requests come from`],
  );

const readLocated = (path: string): ConfigFile => {
  if (!existsSync(path)) {
    throw new PackageError(
      `There is no configuration at ${path}.\nWrite one (docs/configuration.md), or name another one with --config FILE.`,
    );
  }
  try {
    return readConfigFile(path);
  } catch (thrown) {
    throw thrown instanceof ConfigError ? new PackageError(thrown.message) : thrown;
  }
};

const notUsable = (path: string, faults: readonly string[]): PackageError =>
  new PackageError(`${path} is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
