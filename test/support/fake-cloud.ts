import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A cloud that mints a numbered triad for each call, at once or when the test lets it. */
export interface Cloud {
  readonly url: string;
  /** The session name of each call so far. */
  readonly calls: string[];
  /** The header `traceparent` of each call so far. */
  readonly traceparents: (string | undefined)[];
  /** Whether answers wait for `release`. */
  holding: boolean;
  /** Whether it answers 503. */
  failing: boolean;
  /** Resolves once so many calls have come. */
  came(count: number): Promise<void>;
  release(): void;
  close(): Promise<void>;
}

const reply = (number: number): string =>
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
  `<AccessKeyId>ASIA${String(number).padStart(16, '0')}</AccessKeyId><SecretAccessKey>secret-${number}</SecretAccessKey>` +
  `<SessionToken>token-${number}</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>` +
  '</Credentials></AssumeRoleResult><ResponseMetadata><RequestId>up</RequestId></ResponseMetadata></AssumeRoleResponse>';

export const openCloud = async (): Promise<Cloud> => {
  const held: (() => void)[] = [];
  const waiting: { readonly count: number; readonly came: () => void }[] = [];
  const answer = (response: ServerResponse, number: number): void => {
    if (cloud.failing) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/xml' }).end(reply(number));
  };
  const server = createServer(async (message, response) => {
    let body = '';
    for await (const piece of message.setEncoding('utf8')) body += piece;
    cloud.traceparents.push(message.headers['traceparent']?.toString());
    const number = cloud.calls.push(new URLSearchParams(body).get('RoleSessionName') ?? '');
    if (cloud.holding) held.push(() => answer(response, number));
    else answer(response, number);
    for (const { count, came } of waiting) if (cloud.calls.length >= count) came();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cloud: Cloud = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    traceparents: [],
    holding: false,
    failing: false,
    came: (count) =>
      new Promise((came) => {
        if (cloud.calls.length >= count) came();
        else waiting.push({ count, came });
      }),
    release: () => {
      cloud.holding = false;
      for (const answerHeld of held.splice(0)) answerHeld();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return cloud;
};
