import { resolve } from 'node:path';
import { clouds, door, handler } from '../functions/sts.ts';
import { openLaptop } from '../lib/laptop/laptop.ts';
import { welcome } from '../lib/laptop/welcome.ts';
import { health } from '../lib/platform/health.ts';
import { nodeServer } from '../lib/platform/node-server.ts';
import { deployedGround } from '../lib/platform/serve.ts';

const { CREDMINT_CONFIG, CREDMINT_DIR = '.credmint', HOST: host = '127.0.0.1', PORT = '3000' } = process.env;
const port = Number(PORT);

/** With a configuration, exactly what it says; without one, everything on this machine. */
const open = async () => {
  if (CREDMINT_CONFIG === undefined) {
    const laptop = await openLaptop(door, clouds, { folder: resolve(CREDMINT_DIR), host, port }, deployedGround());
    console.error(welcome(laptop));
    return laptop;
  }
  // Now rather than at the first request, so that whoever starts it hears what is wrong.
  const tls = await handler.open();
  const server = nodeServer({ '/health': health }, handler.answer, {}, tls);
  const scheme = tls === undefined ? 'http' : 'https';
  server.listen(port, host, () => console.error(`credmint serves ${scheme}://${host}:${port}`));
  return { server, close: handler.close };
};

open().then(
  ({ server, close }) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        // Then the audit trail's end, which is its proof that nothing is missing.
        server.close(() => {
          close().then(
            () => process.exit(0),
            () => process.exit(1),
          );
        });
        server.closeIdleConnections();
      });
    }
  },
  (error: NodeJS.ErrnoException) => {
    console.error(error.code === 'EADDRINUSE' ? `Port ${port} is taken; choose another with PORT.` : error.message);
    process.exitCode = 1;
  },
);
