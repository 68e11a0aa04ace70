import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, type TLSSocket, Server as TlsServer } from 'node:tls';
import { StsError } from '../../core/errors.ts';
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

/** What is shown in handshakes. Throws a Misconfigured if it cannot be. */
const shownBy = ({ cert, key, clientCa }: TlsOptions): SecureContextOptions => {
  const shown: SecureContextOptions = {
    cert: cert.reveal(),
    key: key.reveal(),
    minVersion: 'TLSv1.2',
    ...(clientCa === undefined ? {} : { ca: clientCa.reveal() }),
  };
  try {
    createSecureContext(shown);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : 'unknown';
    throw new StsError('Misconfigured', `tls: the certificate and its key cannot be used together (${code}).`);
  }
  return shown;
};

/** A server of http; of https if there are TLS options. */
export const openServer = (options: ServerOptions, tls: TlsOptions | undefined, listener: RequestListener): Server => {
  if (tls === undefined) return createServer(options, listener);
  // Callers may connect without a certificate and authenticate otherwise; whether one is valid is in the request.
  const asking = { requestCert: tls.clientCa !== undefined, rejectUnauthorized: false };
  const more = { ...shownBy(tls), ...asking, handshakeTimeout: handshakeTimeoutMs };
  return createTlsServer({ ...options, ...more }, listener);
};

/**
 * What shows these certificates from the next handshake on; connections that are open go on. Throws a Misconfigured if
 * certificate and key do not belong together.
 */
export const tlsRenewal = (servers: readonly Server[], tls: TlsOptions | undefined): (() => void) => {
  if (tls === undefined) return () => undefined;
  const shown = shownBy(tls);
  return () => {
    for (const server of servers) if (server instanceof TlsServer) server.setSecureContext(shown);
  };
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
