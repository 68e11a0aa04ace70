import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { upstreams } from '../clouds/catalog.ts';
import { causeInWords, causeOf } from '../core/cause.ts';
import type { Environment } from '../identity/environment.ts';
import { type Config, configOf } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { ReferenceDeps } from './references/deps.ts';
import { followRemote } from './references/remote.ts';
import { secretSources } from './references/sources.ts';
import type { WrittenConfig } from './schema.ts';

/** A configuration as packaging puts it into a function that is built for it: checked there, once for all instances. */
export interface BuiltConfiguration {
  /** The SHA-256 of the file that it was made from, in hex. */
  readonly digest: string;
  /** What the function reads of it. */
  readonly written: WrittenConfig;
  /** The references in that which lead out of this process. */
  readonly remote: readonly string[];
}

/** Where a function finds its configuration, besides in its own code. */
export interface ConfigurationFile {
  readonly path: string;
  /** Whether the environment names it: then it must be there. */
  readonly isNamed: boolean;
}

/**
 * The configuration that a function was built for, its references followed as they lead now. Rejects with a ConfigError
 * if there is a file with another configuration, or if a reference leads nowhere; with an StsError if a place of secrets
 * does not answer.
 */
export const openBuilt = async (
  { digest, written, remote }: BuiltConfiguration,
  file: ConfigurationFile,
  environment: Environment,
  deps: ReferenceDeps,
): Promise<Config> => {
  refuseAnother(digest, file);
  const sources = { folder: dirname(file.path), environment };
  if (remote.length === 0) return configOf(written, sources, upstreams);
  const follow = followRemote(secretSources(environment), deps);
  return configOf(written, { ...sources, remote: { found: await follow(remote), follow } }, upstreams);
};

/** A function carries the parts that its own configuration needs, so that it cannot serve another one. */
const refuseAnother = (digest: string, { path, isNamed }: ConfigurationFile): void => {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (thrown) {
    const cause = causeOf(thrown);
    if (cause === 'ENOENT' && !isNamed) return;
    throw new ConfigError([`${path}: cannot be read: ${causeInWords(cause)}`]);
  }
  if (hash('sha256', content, 'hex') !== digest) {
    throw new ConfigError([`${path}: is another configuration than this function was built for: package it again`]);
  }
};
