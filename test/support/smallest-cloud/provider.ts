import type { Provider } from '../../../lib/core/cloud.ts';
import { StsError } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { readInstant } from '../../../lib/wire/instant.ts';
import { member, readJson } from '../../../lib/wire/json.ts';
import { meaningOf } from './errors.ts';
import { sign } from './signer.ts';

export const path = '/acme/sts';

/** Seconds that AssumeRole gives. */
export const seconds = { min: 60, default: 600, max: 7200 };

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export const provider: Provider = {
  operations: {
    AssumeRole: {
      seconds,
      encode: ({ role, sessionName, durationSeconds, policy }, { endpoint }) => ({
        method: 'POST',
        scheme: endpoint.protocol === 'http:' ? 'http' : 'https',
        host: endpoint.host,
        path,
        query: '',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ role, session: sessionName, seconds: String(durationSeconds), policy }),
      }),
    },
  },
  sign: (request, _account, key, { now }) => sign(request, key, now),
  normalize: ({ status, body }) => {
    const reply = readJson(body);
    const [accessKeyId, secret, token, until] = ['id', 'secret', 'token', 'until'].map((name) =>
      text(member(reply, name)),
    );
    const expiration = readInstant(until);
    if (status === 200 && accessKeyId && secret && token && expiration) {
      return { accessKeyId, secretAccessKey: new Secret(secret), sessionToken: new Secret(token), expiration };
    }
    const word = text(member(reply, 'error'))?.slice(0, 128);
    if (word === undefined) throw new StsError('CloudUnintelligible', undefined, { upstream: { status } });
    throw new StsError(meaningOf(word, status), undefined, { upstream: { status, code: word } });
  },
};
