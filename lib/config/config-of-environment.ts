import { type Config, fetchConfig } from './load.ts';
import type { Follow, ReferencePlaces } from './references/places.ts';

/**
 * The configuration that `CREDMINT_CONFIG` names, or `credmint.config.json` of the working folder. `followingIn` makes
 * what follows the references that lead out of this process.
 */
export const configOfEnvironment = (followingIn: (places: ReferencePlaces) => Follow): Promise<Config> =>
  fetchConfig(process.env['CREDMINT_CONFIG'] ?? 'credmint.config.json', process.env, followingIn);
