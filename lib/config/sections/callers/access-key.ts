import * as v from 'valibot';
import type { CallerKey } from '../../../auth/keys/caller-keys.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import { Secret } from '../../../core/secret.ts';
import type { Keyring } from '../../../stores/seal/keyring.ts';
import type { ConfigContext } from '../../context.ts';
import { openSecret } from '../../sealed-secret.ts';
import { described, instant, referenceOr, textOrReference } from '../../values.ts';

const callerKey = v.strictObject({
  id: described("The id of the caller's key, or a reference to it.", textOrReference),
  secret: described(
    'A reference to the secret of the key, or sealed:…, the secret itself sealed under the keys of `seal`.',
    referenceOr('sealed:[A-Za-z0-9_-]+', 'sealed:…'),
  ),
  disabled: described('Whether the key is refused; the audit trail still names it.', v.optional(v.boolean(), false)),
  expires: described('The instant from which the key is refused.', v.optional(instant)),
});

/** One key of a caller, or several, so that they rotate. */
export const callerKeys = v.union([callerKey, v.pipe(v.array(callerKey), v.minLength(1))]);

/** The keys of one caller. */
export const callerKeysOf = (
  caller: string,
  written: v.InferOutput<typeof callerKeys>,
  ring: Keyring | undefined,
  context: ConfigContext,
): CallerKey[] =>
  [written].flat().map((key, index) => {
    const path = `callers.${caller}.accessKey${Array.isArray(written) ? `.${index}` : ''}`;
    const id = context.text(`${path}.id`, key.id);
    return omitUndefined({
      id,
      caller,
      secret: secretOf(key.secret, id, ring, `${path}.secret`, context),
      disabled: key.disabled,
      expires: key.expires === undefined ? undefined : new Date(key.expires),
    });
  });

const secretOf = (
  written: string,
  id: string,
  ring: Keyring | undefined,
  path: string,
  { secret, fault }: ConfigContext,
): Secret => {
  if (!written.startsWith('sealed:')) return secret(path, written);
  const opened = ring && openSecret(ring, id, written);
  if (ring === undefined) fault(path, 'is sealed, but the configuration has no `seal`');
  else if (opened === undefined) fault(path, 'does not open: it was sealed for another key id, or by other keys');
  return opened ?? new Secret('');
};
