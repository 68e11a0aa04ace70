import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { type Config, loadConfig } from '../../lib/config/config.ts';
import { configSchema, type WrittenConfig } from '../../lib/config/schema.ts';
import type { Io } from './command.ts';

/** A configuration, as it is written and as it is used. */
export interface BothConfigs {
  readonly path: string;
  readonly folder: string;
  readonly written: WrittenConfig;
  readonly config: Config;
}

/** The configuration of `--config`, of `CREDMINT_CONFIG`, or of the working folder. Throws a ConfigError. */
export const bothConfigs = (asked: string | undefined, { environment }: Io): BothConfigs => {
  const path = asked ?? environment['CREDMINT_CONFIG'] ?? 'credmint.config.json';
  const config = loadConfig(path, environment);
  // Loading has checked it, so this parse is for its form only.
  const written = v.parse(configSchema, JSON.parse(readFileSync(path, 'utf8')));
  return { path, folder: dirname(path), written, config };
};
