import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportTo } from './report.ts';

// The limit: node:http reads a body, parses it as JSON, and answers JSON of as many bytes as a mint's answer has.

const filler = 'x'.repeat(Math.max(0, Number(process.argv[2]) - 40));

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const { RoleSessionName } = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    const body = JSON.stringify({ name: RoleSessionName, filler });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  reportTo(process, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
