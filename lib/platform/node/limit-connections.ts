import type { Server } from 'node:net';
import { fairShares } from '../../core/fair-shares.ts';
import { addressGroup } from './address-group.ts';

/** Limits the connections of a server, of which no address takes all. Closes those beyond. */
export const limitConnections = (server: Server, max: number): void => {
  const shares = fairShares(max);
  server.maxConnections = max;
  server.on('connection', (socket) => {
    const { remoteAddress } = socket;
    const share = remoteAddress === undefined ? undefined : addressGroup(remoteAddress);
    if (!shares.hasRoom(share)) return void socket.destroy();
    shares.add(share);
    socket.once('close', () => shares.remove(share));
  });
};
