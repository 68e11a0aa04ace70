import type { MintedCredentials } from '../../lib/client/client.ts';
import { ClientError } from '../../lib/client/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Transport } from '../../lib/core/transport.ts';

export const noDeadline = (): AbortSignal => new AbortController().signal;

/** A transport that answers by a function, and keeps what it was asked. */
export const fakeTransport = (
  answer: (request: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>,
) => {
  const requests: HttpRequest[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    return { status: 200, headers: {}, body: '', ...(await answer(request)) };
  };
  return { transport, requests };
};

/** Credentials of a number, valid for so long from an instant. */
export const mintedOf = (count: number, now: Date, validForMs = 3_600_000): MintedCredentials => ({
  account: 'aws',
  cloud: 'aws',
  credentials: {
    accessKeyId: `ASIA${count}`,
    secretAccessKey: new Secret(`secret-${count}`),
    sessionToken: new Secret(`token-${count}`),
    expiration: new Date(now.getTime() + validForMs),
  },
  validForMs,
});

/** What an act is refused with; the test fails if it is not a ClientError. */
export const clientErrorOf = async (act: () => unknown): Promise<ClientError> => {
  try {
    await act();
  } catch (thrown) {
    if (thrown instanceof ClientError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown.');
};
