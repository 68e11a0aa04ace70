import * as v from 'valibot';
import { isAddressRange, isLoopbackHost } from '../transport/addresses.ts';
import { referenceForm } from './references/reference.ts';

// The kinds of values that every section of the configuration is written in.

/** Adds the description that editors show for a member. */
export const described = <Schema extends v.GenericSchema>(description: string, schema: Schema): Schema =>
  v.pipe(schema, v.description(description)) as unknown as Schema;

export const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be a name of letters, digits, _ . -'),
);

/** A text that is taken as it is. One that looks like a reference is refused, so that no cloud is sent it. */
export const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));

/** One text, or several of which any will do. */
export const texts = v.union([
  v.pipe(
    text,
    v.transform((one) => [one]),
  ),
  v.pipe(v.array(text), v.minLength(1)),
]);

/** Marks a text that is followed if it is a reference; `listReferences` finds it by this. */
const followed = v.metadata<string, { readonly reference: 'followed' }>({ reference: 'followed' });

/** Marks a text that may look like a reference, for it goes nowhere: an editor's own. */
export const notFollowed = v.metadata<string, { readonly reference: 'ignored' }>({ reference: 'ignored' });

const kinds = 'env:NAME, file:PATH, ssm:NAME, secretsmanager:ID#KEY or tencent-ssm:NAME#KEY';

/** Where a secret is kept; never the secret itself. */
export const reference = v.pipe(
  v.string(),
  v.regex(new RegExp(`^(${referenceForm})$`), `must be a reference: ${kinds}`),
  followed,
);

/** A text that is followed if it is a reference, and else taken as it is. */
export const textOrReference = v.pipe(text, followed);

/** A reference, or a text of another form, given as the source of a regular expression and in words. */
export const referenceOr = (form: string, inWords: string) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^(${referenceForm}|${form})$`), `must be ${inWords}, or a reference: ${kinds}`),
    followed,
  );

/** Secrets of at least 32 random characters: the first closes, all of them open. */
export const ringSecrets = v.pipe(v.array(reference), v.minLength(1));

/** Set by the operator only. Plain http would show keys and tokens to the network, so it is for loopback alone. */
export const endpoint = v.pipe(
  v.string(),
  v.check((value) => URL.canParse(value), 'must be a URL'),
  // Checks go on after one has failed.
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url?.protocol === 'http:' ? isLoopbackHost(url.hostname) : url === undefined || url.protocol === 'https:';
  }, 'must be https, or http on loopback'),
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url === undefined || [url.username, url.password, url.search, url.hash].every((part) => part === '');
  }, 'must have no user, query or fragment'),
);

export const region = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'must be a region'));

export const instant = v.pipe(v.string(), v.isoTimestamp('must be an instant, 2026-11-22T00:00:00Z'));

export const cidr = v.pipe(v.string(), v.check(isAddressRange, 'must be an address or a range, 10.0.0.0/8'));

/** A document of a cloud's own grammar. */
export const document = v.record(v.string(), v.unknown());

/** A whole number between two bounds, both included. */
export const integer = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
