import { StsError } from '../../core/errors.ts';
import type { Documents } from '../../core/transport.ts';
import { isObject, readJson, withoutByteOrderMark } from '../../wire/json.ts';
import type { KeyLocation } from './rule.ts';

const refused = (why: string): StsError => new StsError('Misconfigured', why, { proofFault: 'KeySetRefused' });

/** Where an issuer's discovery document is (OpenID Connect Discovery 1.0, 4.1). */
const documentOf = (issuer: string): URL => new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);

const urlOf = (text: unknown): URL | undefined =>
  typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;

/** The URL of an issuer's keys, from its own document, which is believed only within these bounds. */
const keysUrlIn = (text: string, { issuer, hosts }: KeyLocation & { kind: 'discovered' }): URL => {
  const document = readJson(withoutByteOrderMark(text));
  if (!isObject(document)) throw refused("An issuer's discovery document is not a JSON object.");
  // A document of another issuer may not give this one's keys (Discovery, 4.3).
  if (document['issuer'] !== issuer) throw refused("An issuer's discovery document is of another issuer.");
  const [url, own] = [urlOf(document['jwks_uri']), new URL(issuer)];
  if (url === undefined || url.username !== '' || url.password !== '') {
    throw refused("An issuer's discovery document has no valid jwks_uri.");
  }
  if (url.host !== own.host && !hosts.includes(url.host)) {
    throw refused("The jwks_uri of an issuer's discovery document is at a host that is not allowed for it.");
  }
  // Plain http only if the issuer itself is reached by it, which is on this machine.
  if (url.protocol !== 'https:' && url.protocol !== own.protocol) {
    throw refused("The jwks_uri of an issuer's discovery document is not https.");
  }
  return url;
};

/** The text of an issuer's key set, from where the configuration or the issuer's document says it is. */
export const keyText =
  (location: Exclude<KeyLocation, { kind: 'here' }>, documents: Documents) => async (): Promise<string> => {
    if (location.kind === 'at') return documents(new URL(location.url), location.privateAddresses);
    const found = keysUrlIn(await documents(documentOf(location.issuer), location.privateAddresses), location);
    return documents(found, location.privateAddresses);
  };
