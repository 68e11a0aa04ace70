import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came to a cloud of a test's own. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Script = (call: Call, response: ServerResponse) => void;

/** A cloud of a test's own: a server that answers as the test says, and remembers what it was asked. */
export interface Upstream {
  readonly url: string;
  readonly calls: Call[];
  answer: Script;
  close(): Promise<void>;
}

export const openUpstream = async (answer: Script): Promise<Upstream> => {
  const calls: Call[] = [];
  const server = createServer(async (message, response) => {
    let body = '';
    for await (const piece of message.setEncoding('utf8')) body += piece;
    const call: Call = { method: message.method ?? '', url: message.url ?? '', headers: message.headers, body };
    calls.push(call);
    upstream.answer(call, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return upstream;
};
