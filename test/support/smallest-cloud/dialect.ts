import { reader } from '../../../lib/clouds/reader.ts';
import type { Proof } from '../../../lib/core/caller.ts';
import type { Dialect } from '../../../lib/core/cloud.ts';
import { StsError } from '../../../lib/core/errors.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { omitUndefined } from '../../../lib/core/omit-undefined.ts';
import type { TokenRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { readInstant } from '../../../lib/wire/instant.ts';
import { isObject, readJson } from '../../../lib/wire/json.ts';
import { wordOf } from './errors.ts';
import { path, seconds } from './provider.ts';
import { verify } from './signer.ts';

const headers = { 'content-type': 'application/json' };

/** A signature is valid for five minutes. */
const windowMs = 5 * 60_000;

const requestOf = ({ method, body }: HttpRequest): TokenRequest => {
  if (method !== 'POST') throw new StsError('MethodNotAllowed', 'The method must be POST.');
  const members = readJson(body);
  if (!isObject(members) || !Object.values(members).every((value) => typeof value === 'string')) {
    throw new StsError('InvalidRequest', 'The body must be a JSON object of texts.');
  }
  const read = reader(new Map(Object.entries(members as Record<string, string>)));
  return {
    operation: 'AssumeRole',
    role: read.required('role', { max: 256 }),
    sessionName: read.required('session', { max: 64 }),
    ...omitUndefined<Partial<TokenRequest<'AssumeRole'>>>({
      durationSeconds: read.seconds('seconds', seconds),
      policy: read.narrowing('policy'),
    }),
    defaultDurationSeconds: seconds.default,
  };
};

const proofOf = (request: HttpRequest): Proof => {
  const { 'x-acme-key': accessKeyId, 'x-acme-token': token } = request.headers;
  const date = readInstant(request.headers['x-acme-date']);
  if (accessKeyId === undefined || date === undefined) return { kind: 'none' };
  return {
    kind: 'signature',
    scheme: 'acme',
    accessKeyId,
    ...(token === undefined ? {} : { sessionToken: new Secret(token) }),
    valid: { from: new Date(date.getTime() - windowMs), until: new Date(date.getTime() + windowMs) },
    verify: (secret) => verify(request, secret),
  };
};

export const dialect: Dialect = {
  id: 'acme',
  recognizes: (request) => request.path === path,
  parse: ({ request }) => ({ request: requestOf(request), proof: proofOf(request) }),
  render: (answer) => {
    if (answer.kind !== 'credentials') throw new StsError('Internal');
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = answer.credentials;
    const body = {
      id: accessKeyId,
      secret: secretAccessKey.reveal(),
      token: sessionToken.reveal(),
      until: expiration.toISOString(),
    };
    return { status: 200, headers, body: JSON.stringify(body) };
  },
  renderError: (error) => ({ status: error.traits.status, headers, body: JSON.stringify({ error: wordOf(error) }) }),
};
