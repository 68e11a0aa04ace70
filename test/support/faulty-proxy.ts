import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands between a process and a server, and fails silently as networks do. */
export interface FaultyProxy {
  readonly port: number;
  /** From now on nothing passes, and nobody is told: connections are accepted and say nothing. */
  swallow(): void;
  /** From now on new connections pass; those that there were say nothing any more. */
  forget(): void;
  /** How many connections there were so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A proxy of TCP before a port of this machine. */
export const openFaultyProxy = async (port: number): Promise<FaultyProxy> => {
  const open = new Set<readonly [Socket, Socket]>();
  const sockets = new Set<Socket>();
  let isSilent = false;
  let connections = 0;
  const silence = (): void => {
    for (const [near, far] of open) {
      near.unpipe(far);
      far.unpipe(near);
      // What is read and goes nowhere is what a network loses.
      near.resume();
      far.resume();
    }
    open.clear();
  };
  const server = createServer((near) => {
    connections++;
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    if (isSilent) {
      near.resume();
      return;
    }
    near.pipe(far);
    far.pipe(near);
    const pair = [near, far] as const;
    open.add(pair);
    near.on('close', () => open.delete(pair));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    swallow: () => {
      isSilent = true;
      silence();
    },
    forget: () => {
      isSilent = false;
      silence();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
