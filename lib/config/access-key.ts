import * as v from 'valibot';
import type { AccessKey } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { ConfigContext } from './context.ts';
import { isReference } from './references/reference.ts';
import { described, reference, textOrReference } from './values.ts';

/** A key that we sign with at a cloud. Its id is changed together with the secret, so it may be kept together with it. */
export const accessKey = v.strictObject({
  id: described('The access key id, or a reference to it.', textOrReference),
  secret: described('A reference to the secret of the key.', reference),
  token: described('A reference to the session token, if the key is a temporary one.', v.optional(reference)),
});

export type WrittenAccessKey = v.InferOutput<typeof accessKey>;

/** A key as it is used, its references followed. */
export const accessKeyOf = ({ id, secret, token }: WrittenAccessKey, path: string, context: ConfigContext): AccessKey =>
  omitUndefined({
    id: context.text(`${path}.id`, id),
    secret: context.secret(`${path}.secret`, secret),
    token: token === undefined ? undefined : context.secret(`${path}.token`, token),
  });

/** Reads a key again, as its references lead now; undefined if one of them leads nowhere. */
export const readAgain = async (
  { id, secret, token }: WrittenAccessKey,
  context: ConfigContext,
): Promise<AccessKey | undefined> => {
  const references = [id, secret, token].filter((text) => text !== undefined && isReference(text)) as string[];
  const lookup = await context.followAgain(references);
  const newId = isReference(id) ? lookup(id)?.reveal() : id;
  const newSecret = lookup(secret);
  const newToken = token === undefined ? undefined : lookup(token);
  if (newId === undefined || newSecret === undefined || (token !== undefined && newToken === undefined)) {
    return undefined;
  }
  return omitUndefined({ id: newId, secret: newSecret, token: newToken });
};
