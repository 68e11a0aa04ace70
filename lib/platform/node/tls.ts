import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Secret } from '../../core/secret.ts';
import type { RawRequest } from '../raw-request.ts';

/** What a server shows in TLS handshakes, as PEM. */
export interface TlsOptions {
  readonly cert: Secret;
  readonly key: Secret;
  /** The authorities that client certificates must come from; absent asks for no client certificate. */
  readonly clientCa?: Secret;
}

/** How long a TLS handshake may take, in milliseconds: as long as the headers. */
const handshakeTimeoutMs = 10_000;

/** A server of http; of https if there are TLS options. */
export const openServer = (options: ServerOptions, tls: TlsOptions | undefined, listener: RequestListener): Server => {
  if (tls === undefined) return createServer(options, listener);
  const { cert, key, clientCa } = tls;
  const asking = clientCa === undefined ? {} : { ca: clientCa.reveal(), requestCert: true };
  const shown = { cert: cert.reveal(), key: key.reveal(), minVersion: 'TLSv1.2' as const, ...asking };
  // Callers may connect without a certificate and authenticate otherwise; whether one is valid is in the request.
  const more = { ...shown, rejectUnauthorized: false, handshakeTimeout: handshakeTimeoutMs };
  return createTlsServer({ ...options, ...more }, listener);
};

const isEncrypted = (socket: Socket): socket is TLSSocket => 'encrypted' in socket && socket.encrypted === true;

/** What is known of a connection from its handshake. */
export const handshake = (socket: Socket): Pick<RawRequest, 'scheme' | 'platform'> => {
  if (!isEncrypted(socket)) return { scheme: 'http' };
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { scheme: 'https' };
  // A certificate whose chain leads to no authority is a false proof, which is not the same as no proof.
  const shown = { pem: certificate.toString(), by: 'tls' as const, trusted: socket.authorized };
  return { scheme: 'https', platform: { certificate: shown } };
};
