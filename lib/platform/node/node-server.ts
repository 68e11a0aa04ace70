import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse } from '../../core/http.ts';
import { type Answerer, commonHeaders, maxAnswerMs } from '../answer.ts';
import { maxPathLength, maxQueryLength, type RawRequest } from '../raw-request.ts';
import type { Hold } from './drain.ts';
import { fewInATurn } from './few-in-a-turn.ts';
import { limitOutstanding } from './limit-outstanding.ts';
import { namesTwoHosts, readMessage } from './read-message.ts';
import { type StreamedResponse, writeStream } from './stream.ts';
import { takeTurns } from './take-turns.ts';
import { openServer, type TlsOptions } from './tls.ts';

/** How long the parts of a connection may take, in milliseconds. */
export type ServerTimeouts = Required<
  Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout' | 'connectionsCheckingInterval'>
>;

const defaultTimeouts: ServerTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Longer than the idle time of common proxies, 60 s: or they would send requests on connections that we just closed.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
};

/** A connection with a request on which nothing moves for so long is closed: nobody reads its answers. Longer than any answer takes. */
const maxStallMs = 30_000;

/** Requests that are begun in one turn of the event loop, so that those who connect meanwhile are soon accepted. */
const maxBegunPerTurn = 4;

/** Writes a response; `withBody` is false for HEAD. */
export type WriteResponse = (response: ServerResponse, answer: HttpResponse, withBody: boolean) => void;

export interface NodeServerOptions {
  readonly timeouts?: Partial<ServerTimeouts>;
  /** Absent serves plain HTTP. */
  readonly tls?: TlsOptions;
  /** Absent is `writeResponse`. */
  readonly write?: WriteResponse;
  /** Requests are begun when it is over. */
  readonly hold?: Hold;
}

export const writeResponse: WriteResponse = (response, { status, headers, body }, withBody) => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(withBody ? body : undefined);
};

/**
 * What the request line and the headers may have together, in bytes: a whole query, a whole path, an identity token of
 * 20,000 characters, and as much again as all of these, so that what is too long is still told in its own dialect.
 */
const maxHeaderBytes = 2 * (maxQueryLength + maxPathLength + 20_000);

/** How long the sender of a body that we no longer read may take to read our answer, in milliseconds. */
const lingerMs = 500;

/**
 * Answers a request that is not read to its end, and closes the connection: at once would be a reset, by which the
 * sender may lose the answer.
 */
const writeEarly: WriteResponse = (response, { status, headers, body }, withBody) => {
  response.shouldKeepAlive = false;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.flushHeaders();
  if (withBody) response.write(body);
  response.setTimeout(lingerMs, () => response.end());
};

/** An answer for requests that no dialect can be asked about (RFC 9457). */
const problem = (status: number, detail?: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...commonHeaders(randomUUID(), new Date()) },
  body: JSON.stringify({ title: STATUS_CODES[status], status, detail }),
});

const unreadable = (code: string | undefined): HttpResponse => {
  if (code === 'HPE_HEADER_OVERFLOW') return problem(431, `Headers may have at most ${maxHeaderBytes} bytes together.`);
  return problem(code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400);
};

/** As much of a socket as is used here. */
interface Connection {
  readonly writable: boolean;
  readonly _httpMessage?: ServerResponse | null;
  end(text: string, done: () => void): unknown;
  destroy(): unknown;
}

/** Writes an answer to a connection for which node:http has no response, and closes it. */
const writeLast = (socket: Connection, { status, headers, body }: HttpResponse): void => {
  const lines = Object.entries({ ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`, () => socket.destroy());
};

/** Answers what is not HTTP or arrives too slowly, and closes the connection. */
const rejectConnection = (error: NodeJS.ErrnoException, socket: Connection): void => {
  // If an answer has begun, a second one would be read as part of its body.
  if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) socket.destroy();
  else writeLast(socket, unreadable(error.code));
};

/** An error event without a listener ends the process, and node:http takes its own listener off what is not HTTP. */
const ignoreErrors = (socket: Socket): void => {
  socket.on('error', () => socket.destroy());
};

/** Answers one request as an `Answerer` does, or by a stream. */
export type NodeAnswerer = (raw: RawRequest, deadlineMs: number) => Promise<HttpResponse | StreamedResponse>;

/**
 * Serves answerers by path over node:http or node:https; paths without one go to `otherwise`.
 *
 * @example
 * const server = nodeServer({ '/health': health }, app.answer, { tls: config.tls });
 * server.listen(3000, '127.0.0.1');
 */
export const nodeServer = (
  routes: Readonly<Record<string, NodeAnswerer>>,
  otherwise: Answerer,
  { timeouts = {}, tls, write = writeResponse, hold = {} }: NodeServerOptions = {},
): Server => {
  const begin = fewInATurn(maxBegunPerTurn);
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (hold.over !== undefined) await hold.over;
    // What was read before the connection was closed is still parsed.
    if (message.socket.destroyed) return;
    const withBody = message.method !== 'HEAD';
    try {
      if ((message.headers.host === undefined && message.httpVersion === '1.1') || namesTwoHosts(message)) {
        response.shouldKeepAlive = false;
        return writeResponse(response, problem(400), withBody);
      }
      const raw = await readMessage(message);
      await begin();
      // Whoever has gone away meanwhile is not minted for.
      if (message.socket.destroyed) return;
      const answer: NodeAnswerer = (Object.hasOwn(routes, raw.path) ? routes[raw.path] : undefined) ?? otherwise;
      const answered = await answer(raw, maxAnswerMs);
      if ('stream' in answered) return await writeStream(response, answered, withBody);
      (message.complete ? write : writeEarly)(response, answered, withBody);
    } catch {
      // The caller went away, or an answerer failed in a way that it did not foresee.
      if (response.headersSent || response.destroyed) response.destroy();
      else writeResponse(response, problem(500), withBody);
    }
  };
  // Node would itself refuse a request without Host, but without our common headers.
  const options = { ...defaultTimeouts, ...timeouts, requireHostHeader: false, maxHeaderSize: maxHeaderBytes };
  const inTurn = takeTurns();
  const server = openServer(
    options,
    tls,
    (message, response) => void inTurn(message.socket, () => serve(message, response)),
  );
  server.timeout = maxStallMs;
  // We ignore expectations that we do not know: a 417 is an answer that no SDK understands (RFC 9110, 10.1.1).
  server.on('checkExpectation', (message, response) => server.emit('request', message, response));
  for (const opened of ['connection', 'secureConnection']) server.on(opened, ignoreErrors);
  server.on('connect', (_message, socket) => writeLast(socket, problem(405)));
  server.on('clientError', rejectConnection);
  limitOutstanding(server);
  return server;
};
