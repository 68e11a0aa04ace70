import { StsError } from '../../core/errors.ts';
import type { Documents } from '../../core/transport.ts';
import { isObject, readJson } from '../../wire/json.ts';
import type { KeyLocation } from './rule.ts';

const refused = (why: string): StsError => new StsError('Misconfigured', why, { proofFault: 'KeySetRefused' });

/** Where an issuer's discovery document is (OpenID Connect Discovery 1.0, 4.1). */
const documentOf = (issuer: string): URL => new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);

const urlOf = (text: unknown): URL | undefined =>
  typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;

/** The place of an issuer's keys, from its own document. The document is the issuer's word, so it may not say much. */
const placeIn = (text: string, { issuer, hosts }: KeyLocation & { kind: 'discovered' }): URL => {
  const document = readJson(text);
  if (!isObject(document)) throw refused("An issuer's discovery document is not one.");
  // Whoever answers for another issuer may not give its keys for it (Discovery, 4.3).
  if (document['issuer'] !== issuer) throw refused("An issuer's discovery document is of another issuer.");
  const [place, own] = [urlOf(document['jwks_uri']), new URL(issuer)];
  if (place === undefined || place.username !== '' || place.password !== '') {
    throw refused("An issuer's discovery document says no place of its keys.");
  }
  if (place.host !== own.host && !hosts.includes(place.host)) {
    throw refused("An issuer's discovery document says that its keys are at a host that is not allowed for it.");
  }
  // Plain http only where the issuer itself is spoken to so: on this machine.
  if (place.protocol !== 'https:' && place.protocol !== own.protocol) {
    throw refused("An issuer's discovery document says that its keys are to be had without https.");
  }
  return place;
};

/** The text of an issuer's key set, from where the configuration or the issuer's document says it is. */
export const keyText =
  (place: Exclude<KeyLocation, { kind: 'here' }>, documents: Documents) => async (): Promise<string> => {
    if (place.kind === 'at') return documents(new URL(place.url), place.privateAddresses);
    const found = placeIn(await documents(documentOf(place.issuer), place.privateAddresses), place);
    return documents(found, place.privateAddresses);
  };
