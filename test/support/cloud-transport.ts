import type { HttpRequest } from '../../lib/core/http.ts';
import type { Transport } from '../../lib/core/transport.ts';

/** Clouds of AWS's protocol in place of the network. Each call is minted a triad with a number of its own. */
export interface CloudTransport {
  readonly transport: Transport;
  /** What came, in its order. */
  readonly requests: HttpRequest[];
  /** What the form of the last request said. */
  said(): URLSearchParams;
}

export const cloudTransport = (expiration = new Date('2026-01-01T01:00:00Z')): CloudTransport => {
  const requests: HttpRequest[] = [];
  return {
    requests,
    said: () => new URLSearchParams(requests.at(-1)?.body ?? ''),
    transport: async (request) => {
      const number = requests.push(request);
      const operation = new URLSearchParams(request.body).get('Action');
      const body =
        `<${operation}Response><${operation}Result><Credentials>` +
        `<AccessKeyId>ASIA${String(number).padStart(16, '0')}</AccessKeyId>` +
        `<SecretAccessKey>secret-${number}</SecretAccessKey><SessionToken>token-${number}</SessionToken>` +
        `<Expiration>${expiration.toISOString()}</Expiration></Credentials></${operation}Result></${operation}Response>`;
      return { status: 200, headers: { 'content-type': 'text/xml' }, body };
    },
  };
};

/** An account of AWS at an endpoint that no network has. */
export const awsAccount = (changes: object = {}): object => ({
  cloud: 'aws',
  endpoint: 'https://sts.example.test/',
  key: { id: 'AKIDACCOUNT', secret: 'env:ACCOUNT' },
  ...changes,
});
