import { dirname } from 'node:path';
import { upstreamsWith } from '../../lib/clouds/dialects.ts';
import { ConfigError } from '../../lib/config/config-error.ts';
import { type ConfigFile, inConfigFile, readConfigFile } from '../../lib/config/config-file.ts';
import { type Config, readConfig } from '../../lib/config/load.ts';
import { listReferences } from '../../lib/config/references/list.ts';
import { isRemote } from '../../lib/config/references/reference.ts';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import { validate } from '../../lib/config/validate.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Io } from './command.ts';

/** A configuration, as it is written and as it is read. */
export interface BothConfigs {
  readonly path: string;
  readonly file: ConfigFile;
  readonly written: WrittenConfig;
  readonly config: Config;
}

/** Stands for secrets that are kept elsewhere: no command fetches them, and none signs with them. */
const elsewhere = new Secret('kept elsewhere, and not looked up by this command '.padEnd(64, '.'));

/** The path of a configuration: as asked, by `CREDMINT_CONFIG`, or in the working folder. */
export const pathOf = (asked: string | undefined, { environment }: Io): string =>
  asked ?? (environment['CREDMINT_CONFIG'] || 'credmint.config.json');

const writtenIn = (json: unknown, { clouds }: Io): WrittenConfig => {
  const validation = validate(json, upstreamsWith(clouds));
  if ('faults' in validation) throw new ConfigError(validation.faults);
  return validation.written;
};

/** Throws a ConfigError with these faults, if there are any. */
export const refuseFaults = (file: ConfigFile, faults: readonly string[]): void => {
  if (faults.length > 0) throw new ConfigError(file.located(faults));
};

/** A configuration as it is written. No reference is followed, so it needs no secrets. Throws a ConfigError. */
export const writtenConfig = (
  asked: string | undefined,
  io: Io,
): Omit<BothConfigs, 'config'> & { readonly config?: undefined } => {
  const path = pathOf(asked, io);
  const file = readConfigFile(path);
  return { path, file, written: inConfigFile(file, () => writtenIn(file.json, io)) };
};

/** The configuration of `--config`, of `CREDMINT_CONFIG`, or of the working folder. Throws a ConfigError. */
export const bothConfigs = (asked: string | undefined, io: Io): BothConfigs => {
  const path = pathOf(asked, io);
  const file = readConfigFile(path);
  const { json } = file;
  const found = new Map(
    listReferences(json).flatMap(({ reference }) => (isRemote(reference) ? [[reference, elsewhere] as const] : [])),
  );
  const follow = () => Promise.reject(new Error('This command fetches no secrets.'));
  const { clouds, environment } = io;
  const sources = { folder: dirname(path), environment, remote: { found, follow } };
  return inConfigFile(file, () => ({
    path,
    file,
    written: writtenIn(json, io),
    config: readConfig(json, sources, upstreamsWith(clouds)),
  }));
};
