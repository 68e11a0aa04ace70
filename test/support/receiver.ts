import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message or an event that arrived, by whichever way. */
export interface Arrived {
  readonly operation: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Record<string, never>;
}

/** A queue, an event bus and a webhook in one, on this machine; answers as their pages have it. */
export const openReceiver = async () => {
  const arrived: Arrived[] = [];
  const state = { failing: 0 };
  const server = createServer((message, response) => {
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.on('end', () => {
      if (state.failing > 0) {
        state.failing--;
        response.writeHead(500).end('{}');
        return;
      }
      const body = JSON.parse(Buffer.concat(pieces).toString('utf8'));
      const operation = String(message.headers['x-amz-target'] ?? 'webhook');
      arrived.push({ operation, headers: message.headers as never, body });
      response.writeHead(200, { 'content-type': 'application/json' });
      if (operation === 'AmazonSQS.SendMessage') {
        const digest = createHash('md5').update(String(body.MessageBody)).digest('hex');
        response.end(JSON.stringify({ MessageId: String(arrived.length), MD5OfMessageBody: digest }));
      } else if (operation === 'AWSEvents.PutEvents') {
        response.end(JSON.stringify({ FailedEntryCount: 0, Entries: [{ EventId: String(arrived.length) }] }));
      } else response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    arrived,
    state,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

/** The CloudEvents that arrived, by whichever way they were wrapped. */
export const eventsIn = (arrived: readonly Arrived[]): Record<string, never>[] =>
  arrived.map(({ operation, body }) => {
    if (operation === 'AmazonSQS.SendMessage') return JSON.parse(body['MessageBody'] ?? '');
    if (operation === 'AWSEvents.PutEvents')
      return JSON.parse((body['Entries'] as unknown as [{ Detail: string }])[0].Detail);
    return body;
  });
