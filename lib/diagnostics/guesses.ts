import type { HttpRequest } from '../core/http.ts';
import { escapeText, unescapeForm } from '../wire/query.ts';
import type { Finding } from './finding.ts';

/** What clients sign that were written for a cloud and pointed here. */
export interface SignedElsewhere {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  /** Values of `SignatureMethod`. */
  readonly hashMethods: readonly string[];
}

/** Something that a client may have got wrong, and the request as it then signed it. */
export interface Guess {
  readonly code: Finding['code'];
  readonly why: string;
  readonly request: HttpRequest;
}

const withHost = (request: HttpRequest, host: string): HttpRequest => ({
  ...request,
  host,
  headers: { ...request.headers, host },
});

const hostGuesses = (request: HttpRequest, hosts: readonly string[]): Guess[] => {
  const bare = request.host.replace(/:\d+$/, '');
  const ports = [bare, `${bare}:443`, `${bare}:80`].filter((host) => host !== request.host);
  return [
    ...ports.map((host) => ({
      code: 'PortSigned' as const,
      why: `The client signed the host as ${host}; the request came for ${request.host}. Send what was signed, or list it in publicHosts.`,
      request: withHost(request, host),
    })),
    ...hosts.map((host) => ({
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

const rewritingGuesses = (request: HttpRequest, { hashMethods, paths }: SignedElsewhere): Guess[] => [
  {
    code: 'PolicyEncoding',
    why: 'The policy was signed with one layer of URL-encoding more than it was sent with.',
    request: withParameter(request, /policy/i, escapeText),
  },
  {
    code: 'PolicyEncoding',
    why: 'The policy was signed with one layer of URL-encoding less than it was sent with.',
    request: withParameter(request, /policy/i, unescapeForm),
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
  ...hashMethods.map((method) => ({
    code: 'HashMethod' as const,
    why: `The signature was made with ${method}; SignatureMethod says otherwise.`,
    request: withParameter(request, /^SignatureMethod$/, () => method),
  })),
  ...['/', ...paths, `${request.path.replace(/\/$/, '')}/`, request.path.replace(/\/$/, '')]
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

/** The guesses about a request, the most likely first. */
export const guessesOf = (request: HttpRequest, elsewhere: SignedElsewhere): readonly Guess[] => [
  ...hostGuesses(request, elsewhere.hosts),
  ...rewritingGuesses(request, elsewhere),
  ...headerGuesses(request),
];
