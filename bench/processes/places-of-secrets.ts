import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Parameter Store and KMS on this machine: every parameter is one text, and every data key 32 bytes. */
export const openPlacesOfSecrets = async (parameter: string) => {
  const dataKey = Buffer.alloc(32, 7).toString('base64');
  const server = createServer((message, response) => {
    message.resume();
    message.on('end', () => {
      const isParameter = String(message.headers['x-amz-target']).includes('GetParameter');
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(isParameter ? { Parameter: { Value: parameter } } : { Plaintext: dataKey }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    environment: { AWS_ENDPOINT_URL_SSM: url, AWS_ENDPOINT_URL_KMS: url },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
