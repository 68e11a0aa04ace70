import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RemotePlace } from '../../lib/audit/settings.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { readSigv4, verifySigv4 } from '../../lib/signers/sigv4-verify.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

export interface Reply {
  readonly status: number;
  /** Absent: an entity tag, as every store gives what it takes. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A service on this machine that writes down what it is asked and answers as it is told. */
export interface Recorder {
  readonly requests: HttpRequest[];
  /** What is answered next; `undefined` hangs up. */
  readonly replies: ((request: HttpRequest) => Reply | undefined)[];
  readonly place: (path: string) => RemotePlace;
  close(): Promise<void>;
}

const secret = new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
export const reach = { transport: nodeTransport(), now: () => new Date('2026-11-22T02:34:16Z') };

const requestOf = async (message: IncomingMessage): Promise<HttpRequest> => {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  const [path = '', query = ''] = (message.url ?? '').split('?');
  return {
    method: message.method ?? '',
    scheme: 'http',
    host: message.headers.host ?? '',
    path,
    query,
    headers: message.headers as Record<string, string>,
    body: Buffer.concat(pieces).toString('utf8'),
  };
};

export const openRecorder = async (otherwise: (request: HttpRequest) => Reply): Promise<Recorder> => {
  const requests: HttpRequest[] = [];
  const replies: Recorder['replies'] = [];
  const server = createServer((message, response) => {
    void requestOf(message).then((request) => {
      requests.push(request);
      const reply = (replies.shift() ?? otherwise)(request);
      if (reply === undefined) message.socket.destroy();
      else response.writeHead(reply.status, reply.headers ?? { etag: '"of what was sent"' }).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    replies,
    place: (path) => ({
      endpoint: new URL(`http://127.0.0.1:${port}${path}`),
      region: 'eu-central-1',
      key: async () => ({ id: 'AKIAIOSFODNN7EXAMPLE', secret, token: new Secret('the-role-token') }),
    }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** Whether the request is signed with the key of the place, for this service. */
export const isSigned = (request: HttpRequest, service: string): boolean => {
  const proof = readSigv4(request);
  return (
    !('fault' in proof) &&
    proof.scope.service === service &&
    proof.scope.region === 'eu-central-1' &&
    proof.sessionToken === 'the-role-token' &&
    verifySigv4(request, proof, secret)
  );
};
