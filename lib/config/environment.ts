import { type Config, loadConfig } from './config.ts';

/** The configuration that `CREDMINT_CONFIG` names, or `credmint.config.json` of the working folder. */
export const configOfEnvironment = (): Config =>
  loadConfig(process.env['CREDMINT_CONFIG'] ?? 'credmint.config.json', process.env);
