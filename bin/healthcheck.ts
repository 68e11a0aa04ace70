import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { openConfig } from '../lib/app/open-config.ts';
import { processDeps } from '../lib/app/process-deps.ts';

// Asks the server of this machine whether it is alive: the HEALTHCHECK of an image that has no shell.

const { server, tls } = await openConfig(processDeps());
const port = Number(process.env['PORT'] ?? server.port ?? 3000);
const options = { host: '127.0.0.1', port, path: '/health', timeout: 2_000 };
// The certificate is for the names that callers use; here we ask ourselves, by address.
const outgoing = tls === undefined ? http(options) : https({ ...options, rejectUnauthorized: false });
outgoing.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
outgoing.on('timeout', () => process.exit(1));
outgoing.on('error', () => process.exit(1));
outgoing.end();
