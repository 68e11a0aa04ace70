import { createLRU } from 'lru.min';
import type { Documents } from '../../core/transport.ts';
import { keyText } from './discovery.ts';
import { keySet } from './key-set.ts';
import { fetchedKeys, type KeySource, keptKeys } from './key-source.ts';
import type { KeyLocation } from './rule.ts';

/** The source of the keys at each location, so that the rules of one issuer share what is known of its keys. */
export type KeySources = (location: KeyLocation) => KeySource;

/** Beyond so many, the source that was asked for least recently fetches its keys anew. */
const maxSources = 10_000;

/** Sources that outlast a reading of the configuration, as what an issuer publishes does not change with it. */
export const rememberKeySources = (documents: Documents): KeySources => {
  const sources = createLRU<string, KeySource>({ max: maxSources });
  return (location) => {
    const name = JSON.stringify(location);
    const source =
      sources.get(name) ??
      (location.kind === 'here' ? keptKeys(keySet(location.jwks)) : fetchedKeys(keyText(location, documents)));
    sources.set(name, source);
    return source;
  };
};
