import type { IncomingMessage } from 'node:http';
import { maxBodyBytes, type RawRequest } from '../raw-request.ts';
import { handshake } from './tls.ts';

/** How much of a body that is too long is taken at most, in bytes. */
const maxTakenBytes = 1024 * 1024;

/** Reads a request of node:http, of which a body that is too long may not be complete; rejects if its sender goes away. */
export const readMessage = async (message: IncomingMessage): Promise<RawRequest> => {
  const body = await bodyOf(message);
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

/**
 * Headers by lower-case name; those that came twice are joined, whatever they are. Node would ignore a second
 * Authorization or Host, which a proxy before us might have believed.
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

/**
 * The body; resolves to its first bytes as soon as it is longer than the limit, which is enough to know that. What is
 * on its way is then still taken, so that the sender can read our answer, up to a bound.
 */
const bodyOf = (message: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    message.on('data', (piece: Buffer) => {
      if (size <= maxBodyBytes) pieces.push(piece);
      size += piece.length;
      if (size > maxBodyBytes) resolve(Buffer.concat(pieces));
      if (size > maxTakenBytes) message.pause();
    });
    message.on('end', () =>
      resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)),
    );
    message.on('error', reject);
    message.on('close', () => {
      if (!message.complete) reject(new Error('The caller went away.'));
    });
  });

/** A target may be a whole URL, as it is to a proxy (RFC 9112, 3.2.2). */
const absoluteForm = /^https?:\/\/([^/?#]*)/i;

/** The path and query of a request target. */
const originForm = (target: string): string => {
  const [absolute] = absoluteForm.exec(target) ?? [];
  if (absolute === undefined) return target;
  const rest = target.slice(absolute.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
};

/** Whether a request is for one host by its target and for another by its header: whoever passed it on believed either. */
export const namesTwoHosts = ({ url = '', headers: { host = '' } }: IncomingMessage): boolean => {
  const [, authority] = absoluteForm.exec(url) ?? [];
  return authority !== undefined && authority.toLowerCase() !== host.toLowerCase();
};
