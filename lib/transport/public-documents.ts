import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { causeOf } from '../core/cause.ts';
import { StsError } from '../core/errors.ts';
import type { Documents } from '../core/transport.ts';
import { addressList, isLoopbackAddress, isLoopbackHost, isPublicAddress } from './addresses.ts';
import { byProxy, type Proxies } from './proxies.ts';

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = (host: string, options: LookupOptions, found: Found) => void;

/** The network functions and limits; tests hand in their own. */
export interface Asking {
  readonly lookup: Lookup;
  readonly timeoutMilliseconds: number;
  /** Absent goes directly. */
  readonly proxies: Proxies;
}

/** A key set of a hundred keys with their certificates is 300 KiB. */
const maxDocumentBytes = 512 * 1024;

const unreachable = (thrown: unknown): StsError =>
  new StsError('CloudUnavailable', "The issuer's keys cannot be fetched now.", {
    proofFault: 'KeySetUnreachable',
    cause: causeOf(thrown),
  });

const refused = (why: string): StsError => new StsError('Misconfigured', why, { proofFault: 'KeySetRefused' });

const forbidden = (): StsError => refused('The address of a document of an issuer is not one that may be asked.');

/** The name of a host without the brackets of IPv6. */
const bare = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** Whether an address may be connected to on behalf of a URL. */
const admission = (host: string, besides: readonly string[]) => {
  // A URL that names this machine may reach only this machine; any other may not reach it.
  if (isLoopbackHost(host)) return isLoopbackAddress;
  const list = addressList(besides);
  return (address: string): boolean =>
    isPublicAddress(address) || list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
};

/**
 * A lookup whose answers may all be connected to. The socket connects to what this gives and does not resolve again, so a
 * name that means another address by then (DNS rebinding) changes nothing. One address that is not public refuses the
 * whole name: no public name has one.
 */
const guarded =
  (lookup: Lookup, admits: (address: string) => boolean): Lookup =>
  (host, options, found) =>
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null || typeof addresses === 'string') return found(error ?? new Error('No addresses.'), []);
      if (addresses.length === 0 || !addresses.every(({ address }) => admits(address))) return found(forbidden(), []);
      const [first] = addresses;
      return options.all === true ? found(null, addresses) : found(null, first?.address ?? '', first?.family);
    });

/**
 * Fetches the documents of issuers, over connections of their own: https, or http on loopback; no redirect is
 * followed, no more than 512 KiB are read, and no more than five seconds are waited. Of what goes by a proxy, the proxy
 * resolves the name, and must itself be kept from private addresses; one that is written as an address is judged here.
 */
export const nodeDocuments = ({
  // Not imported at the top, or a function that never uses it would load it.
  lookup = (...asked) => (systemLookup as Lookup)(...asked),
  timeoutMilliseconds = 5_000,
  proxies,
}: Partial<Asking> = {}): Documents => {
  return async (url, besides) => {
    const host = bare(url);
    const secure = url.protocol === 'https:';
    if (!secure && !(url.protocol === 'http:' && isLoopbackHost(host)))
      throw refused('A document must be had by https.');
    const admits = admission(host, besides);
    // An address written as such is connected to without a lookup.
    if (isIP(host) !== 0 && !admits(host)) throw forbidden();
    const proxy = proxies?.(url);
    return new Promise<string>((resolve, reject) => {
      const fail = (thrown: unknown): void => reject(thrown instanceof StsError ? thrown : unreachable(thrown));
      const outgoing = (secure ? https : http).get(
        {
          // Not kept: a document is fetched every few minutes, and a frozen function finds its connections cut.
          ...(proxy === undefined
            ? { agent: false, lookup: guarded(lookup, admits) }
            : { agent: new (secure ? https : http).Agent(byProxy(proxy)) }),
          host,
          port: url.port,
          path: `${url.pathname}${url.search}`,
          headers: { host: url.host, accept: 'application/json', 'accept-encoding': 'identity' },
          signal: AbortSignal.timeout(timeoutMilliseconds),
        },
        (incoming) => {
          // A redirect is not a document. Neither is anything compressed, which could be of any size.
          if (incoming.statusCode !== 200 || incoming.headers['content-encoding'] !== undefined) {
            outgoing.destroy();
            return fail(undefined);
          }
          const pieces: Buffer[] = [];
          let size = 0;
          incoming.on('data', (piece: Buffer) => {
            size += piece.length;
            if (size > maxDocumentBytes) {
              fail(refused('A document of an issuer is too long.'));
              outgoing.destroy();
            } else pieces.push(piece);
          });
          incoming.on('error', fail);
          // A body that was cut off ends without 'end'.
          incoming.on('close', fail);
          incoming.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
        },
      );
      outgoing.on('error', fail);
    });
  };
};
