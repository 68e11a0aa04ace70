import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A real OpenID provider on this machine, at which a public client `cli` may log in by device and by browser. */
export interface LoginProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

interface Context {
  readonly oidc: { readonly params?: Readonly<Record<string, unknown>> };
}

/** A renewed token lives on, for a test's clock that is an hour ahead of the issuer's. */
const idTokenSeconds = ({ oidc }: Context): number =>
  oidc.params?.['grant_type'] === 'refresh_token' ? 4 * 3600 : 3600;

export const openLoginProvider = async (): Promise<LoginProvider> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = {
    client_id: 'cli',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  };
  const provider = new Provider(issuer, {
    clients: [client],
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
    ttl: { IdToken: idTokenSeconds, AccessToken: 3600 },
    rotateRefreshToken: true,
  });
  server.on('request', provider.callback());
  return {
    issuer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
