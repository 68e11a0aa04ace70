import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { isObject, readJson } from '../lib/wire/json.ts';

// Asks the server of this machine whether it is alive: the HEALTHCHECK of an image that has no shell. It looks for the
// address where `npm start` does, and follows no reference: a check every ten seconds must cost no call of a secret's place.

const { CREDMINT_CONFIG, HOST, PORT } = process.env;

const written = ((): Record<string, unknown> => {
  if (CREDMINT_CONFIG === undefined) return {};
  try {
    const json = readJson(readFileSync(CREDMINT_CONFIG, 'utf8'));
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
})();
const server = isObject(written['server']) ? written['server'] : {};

const every: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const listensAt = HOST ?? server['host'] ?? '127.0.0.1';
const host = every[String(listensAt)] ?? String(listensAt);
const port = Number(PORT ?? server['port'] ?? 3000);
const options = { host, port, path: '/health', timeout: 2_000 };

// The certificate is for the names that callers use; here we ask ourselves, by address.
const outgoing = written['tls'] === undefined ? http(options) : https({ ...options, rejectUnauthorized: false });
outgoing.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
outgoing.on('timeout', () => process.exit(1));
outgoing.on('error', () => process.exit(1));
outgoing.end();
