import * as http from 'node:http';
import * as https from 'node:https';
import { StsError } from '../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Transport } from '../core/transport.ts';
import { type FreshAgent, keepFresh } from './keep-fresh.ts';
import { byProxy, type Proxies } from './proxies.ts';

/** An answer of an STS is a few KiB; one that is longer is not one. */
const maxBodyBytes = 256 * 1024;

const flatten = (headers: http.IncomingHttpHeaders): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
};

/**
 * The only code that touches the network: node:https with kept connections, as many at once as are asked for. `fetch` would cost 50 ms of cold start for
 * loading its client. Redirects are answers like any other and are not followed. `ca` are the certificates, in
 * PEM, that are trusted instead of the usual ones; without `proxies`, every request goes directly. Node goes by proxies
 * since 24.5.
 */
export const nodeTransport = ({
  ca,
  proxies,
  monotonicMs = () => performance.now(),
}: {
  readonly ca?: string;
  readonly proxies?: Proxies;
  readonly monotonicMs?: () => number;
} = {}): Transport => {
  const agents = new Map<string, FreshAgent<http.Agent>>();
  const agentFor = (scheme: HttpRequest['scheme'], url: URL): http.Agent => {
    const proxy = proxies?.(url);
    const name = `${scheme} ${proxy}`;
    const { Agent } = scheme === 'https' ? https : http;
    const known =
      agents.get(name) ??
      keepFresh(new Agent({ keepAlive: true, ...omitUndefined({ ca }), ...byProxy(proxy) }), monotonicMs);
    agents.set(name, known);
    known.dropIdle();
    return known.agent;
  };
  return (request, signal) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const fail = (): void => reject(new StsError('CloudUnavailable'));
      const { request: send } = request.scheme === 'https' ? https : http;
      const url = new URL(`${request.scheme}://${request.host}`);
      const outgoing = send(
        {
          agent: agentFor(request.scheme, url),
          // `hostname` of an IPv6 address has brackets that a socket does not want.
          hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
          port: url.port,
          method: request.method,
          path: request.query === '' ? request.path : `${request.path}?${request.query}`,
          headers: {
            host: request.host,
            ...request.headers,
            ...(request.body === '' && request.method === 'GET'
              ? {}
              : { 'content-length': Buffer.byteLength(request.body) }),
          },
          signal,
        },
        (incoming) => {
          const pieces: Buffer[] = [];
          let size = 0;
          incoming.on('data', (piece: Buffer) => {
            size += piece.length;
            if (size > maxBodyBytes) {
              outgoing.destroy();
              reject(new StsError('CloudUnintelligible', 'The cloud answered with more than any STS does.'));
            } else pieces.push(piece);
          });
          incoming.on('error', fail);
          // A body that was cut off ends without 'end'.
          incoming.on('close', fail);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: flatten(incoming.headers),
              body: Buffer.concat(pieces).toString('utf8'),
            }),
          );
        },
      );
      outgoing.on('error', fail);
      outgoing.end(request.body);
    });
};
