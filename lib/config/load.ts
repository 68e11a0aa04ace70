import { dirname } from 'node:path';
import { upstreams } from '../clouds/catalog.ts';
import type { CloudFacts } from '../core/cloud-facts.ts';
import type { Environment } from '../identity/environment.ts';
import { checkNames } from './check-names.ts';
import { type Config, configOf } from './config.ts';
import { ConfigError } from './config-error.ts';
import { inConfigFile, readConfigFile } from './config-file.ts';
import type { ConfigContext } from './context.ts';
import type { ReferenceDeps } from './references/deps.ts';
import { listReferences } from './references/list.ts';
import { isRemote } from './references/reference.ts';
import { followRemote } from './references/remote.ts';
import type { ReferenceSources } from './references/resolver.ts';
import { secretSources } from './references/sources.ts';
import type { WrittenConfig } from './schema.ts';
import { validate } from './validate.ts';

export type { Config } from './config.ts';

/** Reads and checks a configuration file without following remote references. Throws a ConfigError with every fault. */
export const loadConfig = (
  path: string,
  environment: Environment,
  clouds: readonly CloudFacts[] = upstreams,
): Config => {
  const file = readConfigFile(path);
  return inConfigFile(file, () => readConfig(file.json, { folder: dirname(path), environment }, clouds));
};

/**
 * Reads and checks a configuration file, and follows its references wherever they lead. Rejects with a ConfigError that
 * has every fault, or with an StsError if a place of secrets does not answer.
 */
export const fetchConfig = async (path: string, environment: Environment, deps: ReferenceDeps): Promise<Config> => {
  const file = readConfigFile(path);
  const { json } = file;
  const written = inConfigFile(file, () => validated(json, upstreams));
  const sources = { folder: dirname(path), environment };
  const remote = new Set(listReferences(json).flatMap(({ reference }) => (isRemote(reference) ? [reference] : [])));
  if (remote.size === 0) return inConfigFile(file, () => read(written, sources, upstreams));
  const follow = followRemote(secretSources(environment), deps);
  const found = await follow([...remote]);
  return inConfigFile(file, () => read(written, { ...sources, remote: { found, follow } }, upstreams));
};

/** Checks a configuration and looks its references up. Throws a ConfigError with every fault. */
export const readConfig = (
  json: unknown,
  sources: ReferenceSources,
  clouds: readonly CloudFacts[] = upstreams,
): Config => read(validated(json, clouds), sources, clouds);

const validated = (json: unknown, clouds: readonly CloudFacts[]): WrittenConfig => {
  const validation = validate(json, clouds);
  if ('faults' in validation) throw new ConfigError(validation.faults);
  return validation.written;
};

const read = (written: WrittenConfig, sources: ReferenceSources, clouds: readonly CloudFacts[]): Config =>
  configOf(written, sources, clouds, (context) => {
    checkNames(written, context);
    checkReusePort(written, context);
  });

/** Processes that share a port share nothing else: what must not be known to one of them alone needs a place of its own. */
const checkReusePort = ({ server, store, audit }: WrittenConfig, { fault }: ConfigContext): void => {
  if (!server.reusePort) return;
  if ((store?.kind ?? 'memory') === 'memory') {
    // Each process would remember proofs by itself, and a request could be replayed to the next one.
    fault('server.reusePort', 'needs a store that the processes share, which memory is not');
  }
  if (audit.sink.kind === 'file' && !audit.sink.path.includes('%p')) {
    fault('audit.sink.path', 'must contain %p with server.reusePort, so that each process has a file of its own');
  }
};
