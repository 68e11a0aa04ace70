import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A connection on which a test says what it likes, byte for byte. */
export interface Line {
  readonly socket: Socket;
  /** All that came back, once the other side has closed. */
  readonly said: Promise<string>;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

export const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
};

export const dial = async (port: number, allowHalfOpen = true): Promise<Line> => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (piece: Buffer) => {
    text += piece.toString('latin1');
  });
  // A reset is an end like another: what was said before it counts.
  socket.on('error', () => undefined);
  const said = new Promise<string>((resolve) => {
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(text));
  });
  return { socket, said };
};

/** Says one text, and hears everything until the other side closes. */
export const exchange = async (port: number, text: string | Uint8Array): Promise<string> => {
  const { socket, said } = await dial(port);
  socket.write(text);
  return said;
};
