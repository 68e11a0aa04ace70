import { OAuth2Server } from 'oauth2-mock-server';

/** A real OpenID provider on this machine, whose keys can be changed while it runs. */
export interface Provider {
  readonly issuer: string;
  /** Begins to sign by a key of its own making; those before it stay published. */
  rotate(alg?: string): Promise<string>;
  /** A token by the newest key, or by another that is published. */
  token(claims: Readonly<Record<string, unknown>>, kid?: string): Promise<string>;
  close(): Promise<void>;
}

export const openProvider = async (): Promise<Provider> => {
  const server = new OAuth2Server();
  let kid = (await server.issuer.keys.generate('RS256')).kid;
  await server.start(0, '127.0.0.1');
  const { port } = server.address();
  server.issuer.url = `http://127.0.0.1:${port}`;
  return {
    issuer: server.issuer.url,
    rotate: async (alg = 'ES256') => {
      kid = (await server.issuer.keys.generate(alg)).kid;
      return kid;
    },
    token: (claims, by = kid) =>
      server.issuer.buildToken({
        kid: by,
        scopesOrTransform: (_header, payload) => Object.assign(payload, claims),
      }),
    close: () => server.stop(),
  };
};
