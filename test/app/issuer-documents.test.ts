import { describe, expect, it } from 'vitest';
import { withDocuments } from '../../lib/app/issuer-documents.ts';
import { createApp } from '../support/app.ts';
import { ecPem, rsaPem } from '../support/keyless-pair.ts';

const url = 'https://id.example.com';
const app = createApp({
  config: { issuer: { url, keys: ['env:ONE', 'env:TWO'] } },
  environment: { ONE: rsaPem(), TWO: ecPem('P-384') },
});

const send = (method: string, path: string) =>
  app.send({ method, scheme: 'https', host: 'id.example.com', path, query: '', headers: {}, body: '' });

describe('the documents of the issuer', () => {
  it.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
    'say at %s where its keys and its tokens are',
    async (path) => {
      const { status, body } = await send('GET', path);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        issuer: url,
        jwks_uri: `${url}/.well-known/jwks.json`,
        token_endpoint: `${url}/token`,
        id_token_signing_alg_values_supported: ['RS256', 'ES384'],
      });
    },
  );

  it('are public: any cache may keep them, and any page may read them, without a record', async () => {
    const { headers, body, text } = await send('GET', '/.well-known/jwks.json');
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'content-type': 'application/json',
    });
    expect(body.keys).toHaveLength(2);
    expect(text).not.toMatch(/"(d|p|q|dp|dq|qi|k)":/);
    expect(app.records).toEqual([]);
  });

  it('say of the API who gives tokens for it', async () => {
    expect((await send('GET', '/.well-known/oauth-protected-resource')).body).toMatchObject({
      resource: url,
      authorization_servers: [url],
    });
  });

  it('are read alone', async () => {
    const { status, headers } = await send('POST', '/.well-known/jwks.json');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  it('are not there without an issuer', async () => {
    const bare = createApp();
    const path = '/.well-known/jwks.json';
    const request = { method: 'GET', scheme: 'https', host: 'h', path, query: '', headers: {}, body: '' } as const;
    expect((await bare.send(request)).status).toBe(404);
  });

  it('are tried again after a failure, which no cache keeps', async () => {
    let fails = true;
    const read = async () => {
      if (fails) throw new Error('The key cannot be opened.');
      return { '/.well-known/jwks.json': '{"keys":[]}' };
    };
    const next = () => Promise.reject(new Error('Nothing goes on.'));
    const answer = withDocuments(read, () => new Date(), next);
    const raw = { method: 'GET', path: '/.well-known/jwks.json', query: '', headers: {}, body: new Uint8Array() };
    const failed = await answer(raw, 1_000);
    expect([failed.status, failed.headers['cache-control']]).toEqual([500, 'no-store']);
    fails = false;
    expect((await answer(raw, 1_000)).status).toBe(200);
  });
});
