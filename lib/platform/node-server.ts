import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpResponse } from '../sts/http.ts';
import { longestAnswer } from './answer.ts';
import { type Arrival, longestBody } from './arrival.ts';
import type { Answerer } from './serve.ts';

const headersOf = (message: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const name in message.headers) {
    const value = message.headers[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
};

/** The body, or its first bytes beyond the limit: enough to know that it is too long. */
const bodyOf = (message: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    message.on('data', (piece: Buffer) => {
      if (size <= longestBody) pieces.push(piece);
      size += piece.length;
    });
    message.on('end', () =>
      resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)),
    );
    message.on('error', reject);
    message.on('aborted', () => reject(new Error('aborted')));
  });

const arrivalOf = (message: IncomingMessage, body: Uint8Array): Arrival => {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const { remoteAddress } = message.socket;
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: headersOf(message),
    body,
    scheme: 'http',
    ...(remoteAddress === undefined ? {} : { sourceIp: remoteAddress }),
  };
};

const send = (response: ServerResponse, { status, headers, body }: HttpResponse, withBody: boolean): void => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(withBody ? body : undefined);
};

/** Serves answerers by path over node:http; what no path names goes to `otherwise`. */
export const nodeServer = (routes: Readonly<Record<string, Answerer>>, otherwise: Answerer): Server => {
  const server = createServer(
    { keepAliveTimeout: 65_000, requestTimeout: 15_000, headersTimeout: 10_000 },
    (message, response) => {
      void (async () => {
        const body = await bodyOf(message);
        const arrival = arrivalOf(message, body);
        const answerer = (Object.hasOwn(routes, arrival.path) ? routes[arrival.path] : undefined) ?? otherwise;
        send(response, await answerer(arrival, longestAnswer), message.method !== 'HEAD');
      })().catch(() => {
        // The caller went away, or we failed in a way that no room foresaw: nothing more can be said than that.
        if (response.headersSent || response.destroyed) response.destroy();
        else send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal\n' }, true);
      });
    },
  );
  return server;
};
