import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../../config/sections/tls.ts';
import type { RawRequest } from '../raw-request.ts';

/** How long a connection may take to shake hands, in milliseconds: as long as for its headers. */
const handshakeTimeout = 10_000;

/** A server of http, or of https where it is told what to show. */
export const openServer = (options: ServerOptions, tls: TlsSettings | undefined, listener: RequestListener): Server => {
  if (tls === undefined) return createServer(options, listener);
  const { cert, key, clientCa } = tls;
  const asking = clientCa === undefined ? {} : { ca: clientCa.reveal(), requestCert: true };
  // Callers may come without a certificate, and prove themselves otherwise; what became of one is in the arrival.
  const shown = { cert: cert.reveal(), key: key.reveal(), minVersion: 'TLSv1.2' as const, ...asking };
  return createTlsServer({ ...options, ...shown, rejectUnauthorized: false, handshakeTimeout }, listener);
};

const isEncrypted = (socket: Socket): socket is TLSSocket => 'encrypted' in socket && socket.encrypted === true;

/** What is known of a connection from its handshake. */
export const handshake = (socket: Socket): Pick<RawRequest, 'scheme' | 'platform'> => {
  if (!isEncrypted(socket)) return { scheme: 'http' };
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { scheme: 'https' };
  // Whose chain leads nowhere is told from who came without: it is a false proof, and not none.
  const shown = { pem: certificate.toString(), by: 'tls' as const, trusted: socket.authorized };
  return { scheme: 'https', platform: { certificate: shown } };
};
