import { connect } from 'node:net';

// A process of its own, so that its work is not in what another measures: opens connections, sends a request many times on
// each, and reads nothing. PORT CONNECTIONS TIMES REQUEST

const [port, connections, times, request = ''] = process.argv.slice(2);
for (let count = 0; count < Number(connections); count++) {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(request.repeat(Number(times)));
}
