import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';

/** Asks the JSON API of a server over its port, signed by a key. */
export const askJson = async (
  url: string,
  key: { readonly id: string; readonly secret: string },
  path: string,
  body?: object,
  now = new Date(),
) => {
  const method = body === undefined ? 'GET' : 'POST';
  const text = body === undefined ? '' : JSON.stringify(body);
  const { host } = new URL(url);
  const headers = { 'content-type': 'application/json' };
  const request = sign(
    { method, scheme: 'http', host, path, query: '', headers, body: text },
    { id: key.id, secret: new Secret(key.secret) },
    { now, region: 'local', service: 'credmint' },
  );
  const response = await fetch(`${url}${path}`, {
    method,
    headers: request.headers,
    ...(body === undefined ? {} : { body: text }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  return { status: response.status, body: (await response.json()) as any };
};
