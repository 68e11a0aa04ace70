import type { SignatureProof } from '../core/caller.ts';
import type { Dialect, DialectContext } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { escapeText, unescapeText } from '../wire/query.ts';

/** What was wrong with a signature: a stable code, and a sentence with what to do. */
export interface Finding {
  readonly code:
    | 'Valid'
    | 'ClockSkew'
    | 'HostSigned'
    | 'PortSigned'
    | 'PolicyEncoding'
    | 'ParameterOrder'
    | 'HashMethod'
    | 'MethodSigned'
    | 'HeaderSigned'
    | 'SpaceEncoding'
    | 'PathSigned'
    | 'SecretPadded'
    | 'WrongSecret'
    | 'NotASignature';
  readonly why: string;
}

/** The hosts that clients sign when they were written for the cloud and pointed elsewhere. */
const vendorHosts = [
  'sts.api.qcloud.com',
  'sts.tencentcloudapi.com',
  'sts.intl.tencentcloudapi.com',
  'sts.amazonaws.com',
  'sts.us-east-1.amazonaws.com',
];

interface Guess {
  readonly code: Finding['code'];
  readonly why: string;
  readonly request: HttpRequest;
}

const withHost = (request: HttpRequest, host: string): HttpRequest => ({
  ...request,
  host,
  headers: { ...request.headers, host },
});

const hostGuesses = (request: HttpRequest, known: readonly string[]): Guess[] => {
  const bare = request.host.replace(/:\d+$/, '');
  const ports = [bare, `${bare}:443`, `${bare}:80`].filter((host) => host !== request.host);
  return [
    ...ports.map((host) => ({
      code: 'PortSigned' as const,
      why: `The client signed the host as ${host}; the request came for ${request.host}. Send what was signed, or list it in publicHosts.`,
      request: withHost(request, host),
    })),
    ...[...known, ...vendorHosts].map((host) => ({
      code: 'HostSigned' as const,
      why: `The client signed the host ${host}; the request came for ${request.host}. Set the endpoint before signing, or list ${host} in publicHosts.`,
      request: withHost(request, host),
    })),
  ];
};

/** Changes the value of each parameter of that name, in the query and in a form body. */
const withParameter = (request: HttpRequest, name: RegExp, change: (raw: string) => string | undefined) => {
  const rewrite = (text: string): string =>
    text
      .split('&')
      .map((piece) => {
        const [key = '', raw] = [piece.slice(0, piece.indexOf('=')), piece.slice(piece.indexOf('=') + 1)];
        return name.test(key) ? `${key}=${change(raw) ?? raw}` : piece;
      })
      .join('&');
  const isForm = (request.headers['content-type'] ?? '').includes('form-urlencoded');
  return { ...request, query: rewrite(request.query), body: isForm ? rewrite(request.body) : request.body };
};

const form = 'application/x-www-form-urlencoded';

const sorted = (text: string): string => text.split('&').sort().join('&');

const rewritingGuesses = (request: HttpRequest): Guess[] => [
  {
    code: 'PolicyEncoding',
    why: 'The policy was signed with one layer of URL-encoding more than it was sent with.',
    request: withParameter(request, /policy/i, escapeText),
  },
  {
    code: 'PolicyEncoding',
    why: 'The policy was signed with one layer of URL-encoding less than it was sent with.',
    request: withParameter(request, /policy/i, unescapeText),
  },
  {
    code: 'ParameterOrder',
    why: 'The parameters were sorted for signing and sent in another order.',
    request: { ...request, query: sorted(request.query) },
  },
  {
    code: 'SpaceEncoding',
    why: 'A space was signed as %20 and sent as +.',
    request: { ...request, query: request.query.replaceAll('+', '%20'), body: request.body.replaceAll('+', '%20') },
  },
  {
    code: 'SpaceEncoding',
    why: 'A space was signed as + and sent as %20.',
    request: { ...request, query: request.query.replaceAll('%20', '+'), body: request.body.replaceAll('%20', '+') },
  },
  {
    code: 'MethodSigned',
    why: `The request was signed for another method than ${request.method}, by which it was sent.`,
    // With the method, the place of the parameters changes.
    request:
      request.method === 'GET'
        ? {
            ...request,
            method: 'POST',
            body: request.query,
            query: '',
            headers: { ...request.headers, 'content-type': form },
          }
        : { ...request, method: 'GET', query: request.body, body: '' },
  },
  ...['HmacSHA1', 'HmacSHA256'].map((method) => ({
    code: 'HashMethod' as const,
    why: `The signature was made with ${method}; SignatureMethod says otherwise.`,
    request: withParameter(request, /^SignatureMethod$/, () => method),
  })),
  ...['/', '/v2/index.php', '/sts', `${request.path.replace(/\/$/, '')}/`, request.path.replace(/\/$/, '')]
    .filter((path) => path !== '' && path !== request.path)
    .map((path) => ({
      code: 'PathSigned' as const,
      why: `The path was signed as ${path} and sent as ${request.path}.`,
      request: { ...request, path },
    })),
];

/** Content types that HTTP libraries add a charset to, or take one from, after signing. */
const headerGuesses = (request: HttpRequest): Guess[] =>
  [
    'application/json',
    'application/json; charset=utf-8',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
  ]
    .filter((type) => type !== request.headers['content-type'])
    .map((type) => ({
      code: 'HeaderSigned' as const,
      why: `content-type was signed as ${type} and sent otherwise: something changed it after signing.`,
      request: { ...request, headers: { ...request.headers, 'content-type': type } },
    }));

const proofIn = (dialects: readonly Dialect[], context: DialectContext): SignatureProof | undefined => {
  const dialect = dialects.find((candidate) => candidate.recognizes(context.request));
  try {
    const proof = dialect?.parse(context).proof;
    return proof?.kind === 'signature' ? proof : undefined;
  } catch (thrown) {
    // A variant that cannot be read is not the one that was signed.
    if (thrown instanceof StsError) return undefined;
    throw thrown;
  }
};

/** What the doctor may use: the secrets that the request's key is known by. */
export interface DiagnosisDeps {
  readonly dialects: readonly Dialect[];
  readonly context: DialectContext;
  /** The secret of an access key id, if it is known. */
  secretOf(accessKeyId: string): Secret | undefined;
}

/**
 * Why a signature is not valid. It tries what clients are known to get wrong, one thing at a time, until the
 * signature matches; it never says what the right one would have been.
 */
export const diagnose = ({ dialects, context, secretOf }: DiagnosisDeps): Finding => {
  const isValid = (proof: SignatureProof): boolean => {
    const secret = secretOf(proof.accessKeyId);
    return secret !== undefined && proof.verify(secret);
  };
  const proof = proofIn(dialects, context);
  if (proof !== undefined && isValid(proof)) return clockOf(proof, context.now);
  const { request, publicHosts = [] } = context;
  const guesses = [...hostGuesses(request, publicHosts), ...rewritingGuesses(request), ...headerGuesses(request)];
  for (const guess of guesses) {
    const other = proofIn(dialects, { ...context, request: guess.request });
    if (other !== undefined && isValid(other)) return { code: guess.code, why: guess.why };
  }
  if (proof === undefined) {
    return { code: 'NotASignature', why: 'No signature can be read from the request as it came.' };
  }
  const secret = secretOf(proof.accessKeyId);
  if (secret === undefined) return { code: 'WrongSecret', why: 'The access key id is not known here.' };
  if (mangled(secret).some((other) => proof.verify(other))) {
    return { code: 'SecretPadded', why: 'The secret was used with a space or a newline around it.' };
  }
  return { code: 'WrongSecret', why: 'Most likely the secret is not the one of this access key id.' };
};

/** A secret as it comes out of a badly read file. */
const mangled = (secret: Secret): readonly Secret[] =>
  [` ${secret.reveal()}`, `${secret.reveal()} `, `${secret.reveal()}\n`].map((text) => new Secret(text));

const clockOf = ({ valid }: SignatureProof, now: Date): Finding => {
  if (valid === undefined || (now >= valid.from && now <= valid.until)) {
    return { code: 'Valid', why: 'The signature is valid.' };
  }
  const late = now > valid.until;
  const seconds = Math.round(Math.abs(now.getTime() - (late ? valid.until : valid.from).getTime()) / 1000);
  const how = late ? `${seconds} seconds too late` : `${seconds} seconds too early`;
  return { code: 'ClockSkew', why: `The signature is right, and came ${how} for its window: set the client's clock.` };
};
