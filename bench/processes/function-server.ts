import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handler } from '../../functions/assumeRole.ts';
import { reportTo } from './report.ts';

// A gateway and its function in one process: each request becomes an event of API Gateway (payload 2.0), as a local
// gateway would make it, and the function's reply becomes the answer.

process.env['CREDMINT_CONFIG'] = process.argv[2];

const context = { getRemainingTimeInMillis: () => 29_000 };

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', async () => {
    const path = request.url ?? '/';
    const event = {
      version: '2.0',
      routeKey: `POST ${path}`,
      rawPath: path,
      rawQueryString: '',
      headers: request.headers,
      requestContext: {
        accountId: '123456789012',
        apiId: 'bench',
        http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
        stage: '$default',
      },
      body: Buffer.concat(pieces).toString('utf8'),
      isBase64Encoded: false,
    };
    const { statusCode, headers, body } = (await handler(event, context)) as {
      readonly statusCode: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    };
    response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  reportTo(process, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
