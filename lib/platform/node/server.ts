import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { TlsSettings } from '../../config/sections/tls.ts';
import type { HttpResponse } from '../../core/http.ts';
import { type Answered, type Answerer, commonHeaders, maxAnswerMs } from '../answer.ts';
import { maxBodyBytes, type RawRequest } from '../raw-request.ts';
import { handshake, openServer } from './tls.ts';

/** How long a connection may take over its parts, in milliseconds. */
export type ServerTimeouts = Required<
  Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout' | 'connectionsCheckingInterval'>
>;

const usualPatience: ServerTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Longer than the idle time of the proxies that stand before a server: 60 s.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
};

/**
 * Headers by lower-case name; what came twice is joined, whatever it is. Node itself would pass over the second
 * Authorization or Host, and a proxy before us might have believed it.
 */
const headersOf = ({ rawHeaders }: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
};

/** The body, or its first bytes beyond the limit: enough to know that it is too long. */
const bodyOf = (message: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    message.on('data', (piece: Buffer) => {
      if (size <= maxBodyBytes) pieces.push(piece);
      size += piece.length;
    });
    message.on('end', () =>
      resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)),
    );
    message.on('error', reject);
    message.on('close', () => {
      if (!message.complete) reject(new Error('The caller went away.'));
    });
  });

/** A request target names the path, or all of it, as it does to a proxy (RFC 9112, 3.2.2). */
const originForm = (target: string): string => {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(target)?.[0];
  if (absolute === undefined) return target;
  const rest = target.slice(absolute.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
};

const arrivalOf = (message: IncomingMessage, body: Uint8Array): RawRequest => {
  const url = originForm(message.url ?? '/');
  const mark = url.indexOf('?');
  const { remoteAddress } = message.socket;
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: headersOf(message),
    body,
    ...handshake(message.socket),
    ...(remoteAddress === undefined ? {} : { sourceIp: remoteAddress }),
  };
};

const send = (response: ServerResponse, answered: Answered, withBody: boolean): void => {
  const { status, headers, body, breaks } = answered;
  if (breaks === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  if (breaks === 'cut') response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
  else response.end(withBody ? body : undefined);
};

/** Said where no dialect could be asked. */
const plain = (status: number, title: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...commonHeaders(randomUUID(), new Date()) },
  body: `${title}\n`,
});

const unreadable = (code: string | undefined): HttpResponse => {
  if (code === 'HPE_HEADER_OVERFLOW') return plain(431, 'Request Header Fields Too Large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return plain(408, 'Request Timeout');
  return plain(400, 'Bad Request');
};

/** As much of a socket as is used here. */
interface Wire {
  readonly writable: boolean;
  readonly _httpMessage?: ServerResponse | null;
  end(text: string, done: () => void): unknown;
  destroy(): unknown;
}

/** Says one last thing on a connection that is past answering in the usual way. */
const say = (socket: Wire, { status, headers, body }: HttpResponse): void => {
  const lines = Object.entries({ ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${body.trim()}\r\n${head}\r\n${body}`, () => socket.destroy());
};

/** Answers what is not HTTP, or comes too slowly, and hangs up. */
const hangUp = (error: NodeJS.ErrnoException, socket: Wire): void => {
  // Where an answer has begun, another in its midst would be taken for its body.
  if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) socket.destroy();
  else say(socket, unreadable(error.code));
};

/** Serves answerers by path over node:http, or node:https; what no path names goes to `otherwise`. */
export const nodeServer = (
  routes: Readonly<Record<string, Answerer>>,
  otherwise: Answerer,
  deadline: Partial<ServerTimeouts> = {},
  tls?: TlsSettings,
): Server => {
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (message.headers.host === undefined && message.httpVersion === '1.1') {
        response.shouldKeepAlive = false;
        return send(response, plain(400, 'Bad Request'), message.method !== 'HEAD');
      }
      const raw = arrivalOf(message, await bodyOf(message));
      const answer = (Object.hasOwn(routes, raw.path) ? routes[raw.path] : undefined) ?? otherwise;
      send(response, await answer(raw, maxAnswerMs), message.method !== 'HEAD');
    } catch {
      // The caller went away, or we failed in a way that no room foresaw: nothing more can be said than that.
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, plain(500, 'Internal'), message.method !== 'HEAD');
    }
  };
  // Node would refuse a request without Host by itself, but without what every answer carries.
  const options = { ...usualPatience, ...deadline, requireHostHeader: false };
  const server = openServer(options, tls, (message, response) => void serve(message, response));
  // An expectation that we do not know is no reason to answer in a way that nobody's SDK understands (RFC 9110, 10.1.1).
  server.on('checkExpectation', (message, response) => server.emit('request', message, response));
  server.on('connect', (_message, socket) => say(socket, plain(405, 'Method Not Allowed')));
  server.on('clientError', hangUp);
  return server;
};
