import { isLoopbackHost, isMetadataHost } from './addresses.ts';

/** The proxy that a request to this URL goes by. Returns undefined if it goes directly. */
export type Proxies = (target: URL) => string | undefined;

/**
 * Proxies as the environment names them: `HTTPS_PROXY` and `HTTP_PROXY`, in capitals or not, and `NO_PROXY`, a list of
 * hosts, `.suffixes` and `host:port`, or `*`. What is on this machine, and its metadata, is always reached directly.
 *
 * @example
 * const transport = nodeTransport({ proxies: environmentProxies(process.env) });
 */
export const environmentProxies = (environment: Readonly<Record<string, string | undefined>>): Proxies => {
  const named = (name: string): string | undefined => environment[name.toLowerCase()] || environment[name] || undefined;
  const proxies: Readonly<Record<string, string | undefined>> = {
    'https:': named('HTTPS_PROXY'),
    'http:': named('HTTP_PROXY'),
  };
  const exceptions = (named('NO_PROXY') ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((one) => one !== '');
  return (target) => {
    const proxy = proxies[target.protocol];
    // Of metadata, a proxy would read the key, or give the key of the machine that it runs on.
    if (proxy === undefined || isLoopbackHost(target.hostname) || isMetadataHost(target.hostname)) return undefined;
    return exceptions.some((one) => isExempt(target, one)) ? undefined : proxy;
  };
};

const isExempt = ({ hostname, port, protocol }: URL, exception: string): boolean => {
  if (exception === '*') return true;
  const [, name = '', exemptPort] = /^(.*?)(?::(\d+))?$/.exec(exception.replace(/^\*?\./, '')) ?? [];
  if (exemptPort !== undefined && exemptPort !== (port || (protocol === 'https:' ? '443' : '80'))) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
};

/** What makes an agent of node:http or node:https go by a proxy. */
export const byProxy = (proxy: string | undefined): { readonly proxyEnv?: Readonly<Record<string, string>> } =>
  proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
