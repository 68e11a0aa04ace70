import { once } from 'node:events';
import type { Server } from 'node:http';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { Secret } from '../../lib/core/secret.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

// dynalite keeps DynamoDB's protocol, its conditions and its expressions. What of the real service it does not show: that
// an item past its TTL is deleted, days late or at all; ReturnValuesOnConditionCheckFailure; transactions; throttling;
// latency; and that copies of an item agree only after a while, for a read that is not consistent.

export const region = 'eu-central-1';
export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' };

/** What our own calls are made with. */
export const deps = (now: () => Date) => ({
  transport: nodeTransport(),
  credentials: async () => ({ id: credentials.accessKeyId, secret: new Secret(credentials.secretAccessKey) }),
  now,
});

export interface Dynalite {
  readonly url: URL;
  /** AWS's own client of it. */
  readonly sdk: DynamoDBClient;
  newTable(): Promise<string>;
  /** Every item of a table, as it is kept. */
  items(table: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

export const sdkFor = (endpoint: URL): DynamoDBClient =>
  new DynamoDBClient({ region, endpoint: endpoint.href, credentials, maxAttempts: 1 });

export const startDynalite = async (): Promise<Dynalite> => {
  const server: Server = dynalite({ createTableMs: 0 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
  const sdk = sdkFor(url);
  let tables = 0;
  return {
    url,
    sdk,
    newTable: async () => {
      const TableName = `credmint-${tables++}`;
      await sdk.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
      const status = async () => (await sdk.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
      while ((await status()) !== 'ACTIVE');
      return TableName;
    },
    items: async (TableName) => (await sdk.send(new ScanCommand({ TableName }))).Items ?? [],
    close: async () => {
      sdk.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
