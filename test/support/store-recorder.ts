import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { HttpRequest } from '../../lib/core/http.ts';
import type { Secret } from '../../lib/core/secret.ts';
import { readSigv4, type Sigv4Signature, verifySigv4 } from '../../lib/signers/sigv4-verify.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A server of a test's own that writes down what it is asked, and answers as the test says. */
export interface Recorder {
  readonly url: URL;
  readonly requests: HttpRequest[];
  close(): Promise<void>;
}

const textOf = async (incoming: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
};

/** An answer of `undefined` is none: the connection is cut. One of `'silence'` never comes. */
export const record = async (
  answer: (request: HttpRequest) => Promise<Answer | undefined | 'silence'> | Answer | undefined | 'silence',
): Promise<Recorder> => {
  const requests: HttpRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const [path = '', query = ''] = (incoming.url ?? '').split('?');
    const request: HttpRequest = {
      method: incoming.method ?? '',
      scheme: 'http',
      host: incoming.headers.host ?? '',
      path,
      query,
      headers: incoming.headers as Record<string, string>,
      body: await textOf(incoming),
    };
    requests.push(request);
    const reply = await answer(request);
    if (reply === 'silence') return;
    if (reply === undefined) {
      outgoing.destroy();
      return;
    }
    const { status = 200, headers = {}, body = {} } = reply;
    outgoing.writeHead(status, headers);
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}/`),
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

/** The signature of a request, if the secret made it. */
export const signatureOf = (request: HttpRequest, secret: Secret): Sigv4Signature | undefined => {
  const proof = readSigv4(request);
  return !('fault' in proof) && verifySigv4(request, proof, secret) ? proof : undefined;
};
