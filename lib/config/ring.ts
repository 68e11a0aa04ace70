import { Secret } from '../core/secret.ts';
import { type Keyring, keyring } from '../stores/seal/keyring.ts';
import type { ConfigContext } from './context.ts';

const minLength = 32;

/** A secret that others are sealed with. Reports a fault if it is too short to be random enough. */
export const ringSecret = (reference: string, path: string, context: ConfigContext): Secret => {
  const secret = context.secret(path, reference);
  const length = secret.reveal().length;
  // A reference that leads nowhere has its fault already.
  if (length > 0 && length < minLength) context.fault(path, `must refer to at least ${minLength} characters`);
  return secret;
};

/** The keyring of a list of references: the first closes, all of them open. */
export const ringOf = (references: readonly string[], path: string, context: ConfigContext): Keyring => {
  const secrets = references.map((reference, index) => ringSecret(reference, `${path}.${index}`, context));
  const [first = new Secret(''), ...older] = secrets;
  return keyring(first, ...older);
};
