import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usageError } from '../errors.ts';
import { type AgentAnswer, refusal } from './answer.ts';

/** An agent that listens. */
export interface AgentServer {
  readonly port: number;
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** What came twice is joined, so that it matches nothing: of two tokens, neither is believed. */
const headersOf = ({ rawHeaders }: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
};

/**
 * Listens on 127.0.0.1, on this port or, if it is 0, on any free one. Rejects with a ClientError if the port is taken:
 * to move to another would leave it to whoever took the first to answer those who were told of it.
 */
export const listen = async (answer: AgentAnswer, port: number): Promise<AgentServer> => {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 8_192 },
    (message, response) => {
      message.resume();
      const request = {
        method: message.method ?? '',
        path: (message.url ?? '').split('?', 1)[0] ?? '',
        headers: headersOf(message),
        peerPort: message.socket.remotePort ?? 0,
      };
      void answer(request)
        .catch(() => refusal(500, 'Internal', 'The agent failed.'))
        .then(({ status, headers, body }) => {
          response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
          response.end(body);
        });
    },
  );
  server.maxConnections = 256;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw usageError(`Another process listens on port ${port}. Nothing is served.`, 'PortTaken');
    throw usageError(`The agent cannot listen on port ${port}.`, 'PortUnusable');
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
