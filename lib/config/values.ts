import * as v from 'valibot';

// The words that every part of the configuration is written in.

export const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be a name of letters, digits, _ . -'),
);

export const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));

/** One text, or several of which any will do. */
export const texts = v.union([
  v.pipe(
    text,
    v.transform((one) => [one]),
  ),
  v.pipe(v.array(text), v.minLength(1)),
]);

/** Where a secret is kept; never the secret itself. */
export const reference = v.pipe(
  v.string(),
  v.regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|ssm:[A-Za-z0-9_./:-]+|secretsmanager:[A-Za-z0-9_./:+=@-]+(#.+)?|tencent-ssm:[A-Za-z0-9_.@-]+(#.+)?)$/,
    'must be a reference: env:NAME, file:PATH, ssm:NAME, secretsmanager:ID#KEY or tencent-ssm:NAME#KEY',
  ),
);

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

/** Set by the operator only. Plain http would show keys and tokens to the network, so it is for loopback alone. */
export const endpoint = v.pipe(
  v.string(),
  v.check((value) => URL.canParse(value), 'must be a URL'),
  // Checks go on after one has failed.
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url?.protocol === 'http:' ? isLoopback(url.hostname) : url === undefined || url.protocol === 'https:';
  }, 'must be https, or http on loopback'),
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url === undefined || [url.username, url.password, url.search, url.hash].every((part) => part === '');
  }, 'must have no user, query or fragment'),
);

export const instant = v.pipe(v.string(), v.isoTimestamp('must be an instant, 2026-11-22T00:00:00Z'));

export const cidr = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/, 'must be an address or a range, 10.0.0.0/8'),
);
