/**
 * The user who owns the client's end of a connection over 127.0.0.1, read from the text of Linux's `/proc/net/tcp`;
 * undefined if the table does not have the connection.
 * https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
 */
export const userOfConnection = (table: string, clientPort: number, serverPort: number): number | undefined => {
  const [local, remote] = [clientPort, serverPort].map((port) => `0100007F:${hexOf(port)}`);
  for (const line of table.split('\n')) {
    const [, localAddress, remoteAddress, , , , , uid] = line.trim().split(/\s+/);
    if (localAddress === local && remoteAddress === remote && /^\d+$/.test(uid ?? '')) return Number(uid);
  }
  return undefined;
};

const hexOf = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
