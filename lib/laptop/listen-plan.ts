import { isLoopback } from './own-host-only.ts';

/** Where a laptop's server listens, and by which host this machine reaches it. */
export interface ListenPlan {
  readonly hosts: readonly [string, ...string[]];
  /** Always loopback: the accounts call it by plain http, and it is the issuer of the laptop's token. */
  readonly localHost: string;
}

const everyAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The plan for an address. One that is neither loopback nor every address is joined by loopback. */
export const listenPlan = (host: string): ListenPlan => {
  if (Object.hasOwn(everyAddress, host)) return { hosts: [host], localHost: everyAddress[host] ?? '127.0.0.1' };
  return host === 'localhost' || isLoopback(host)
    ? { hosts: [host], localHost: host }
    : { hosts: [host, '127.0.0.1'], localHost: '127.0.0.1' };
};

/** The URL of a server of plain http. */
export const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
