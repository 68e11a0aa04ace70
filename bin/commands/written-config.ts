import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, ConfigError, readConfig } from '../../lib/config/load.ts';
import { listReferences } from '../../lib/config/references/list.ts';
import { isRemote } from '../../lib/config/references/reference.ts';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import { validate } from '../../lib/config/validate.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Io } from './command.ts';

/** A configuration, as it is written and as it is read. */
export interface BothConfigs {
  readonly path: string;
  readonly written: WrittenConfig;
  readonly config: Config;
}

/** Stands for secrets that are kept elsewhere: no command fetches them, and none signs with them. */
const elsewhere = new Secret('kept elsewhere, and not looked up by this command '.padEnd(64, '.'));

const jsonOf = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  } catch (thrown) {
    // The parser's message quotes what it read.
    throw new ConfigError([`${path}: ${thrown instanceof SyntaxError ? 'is not JSON' : 'cannot be read'}`]);
  }
};

/** The path of a configuration: as asked, by `CREDMINT_CONFIG`, or in the working folder. */
export const pathOf = (asked: string | undefined, { environment }: Io): string =>
  asked ?? environment['CREDMINT_CONFIG'] ?? 'credmint.config.json';

const writtenIn = (json: unknown, { clouds }: Io): WrittenConfig => {
  const validation = validate(json, clouds);
  if ('faults' in validation) throw new ConfigError(validation.faults);
  return validation.written;
};

/** A configuration as it is written. No reference is followed, so it needs no secrets. Throws a ConfigError. */
export const writtenConfig = (asked: string | undefined, io: Io): Omit<BothConfigs, 'config'> => {
  const path = pathOf(asked, io);
  return { path, written: writtenIn(jsonOf(path), io) };
};

/** The configuration of `--config`, of `CREDMINT_CONFIG`, or of the working folder. Throws a ConfigError. */
export const bothConfigs = (asked: string | undefined, io: Io): BothConfigs => {
  const path = pathOf(asked, io);
  const json = jsonOf(path);
  const found = new Map(
    listReferences(json).flatMap(({ reference }) => (isRemote(reference) ? [[reference, elsewhere] as const] : [])),
  );
  const follow = () => Promise.reject(new Error('This command fetches no secrets.'));
  const { clouds, environment } = io;
  const config = readConfig(json, { folder: dirname(path), environment, remote: { found, follow } }, clouds);
  return { path, written: writtenIn(json, io), config };
};
