import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A cloud that mints a numbered triad for each call, at once or when the test lets it. */
export interface Cloud {
  readonly url: string;
  /** The session name of each call so far. */
  readonly calls: string[];
  /** When each came, in milliseconds since 1970. */
  readonly at: number[];
  /** The header `traceparent` of each call so far. */
  readonly traceparents: (string | undefined)[];
  /** Whether answers wait for `release`. */
  holding: boolean;
  /** Whether it answers 503. */
  failing: boolean;
  /** The id of the only access key that it accepts; undefined accepts every one. */
  accepts: string | undefined;
  /** How long what it gives lives, in milliseconds. */
  lifeMs: number;
  /** Resolves once so many calls have come. */
  came(count: number): Promise<void>;
  release(): void;
  close(): Promise<void>;
}

/** What such a cloud answers, with keys of this number that live so long. */
export const reply = (number: number, lifeMs: number): string =>
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
  `<AccessKeyId>ASIA${String(number).padStart(16, '0')}</AccessKeyId><SecretAccessKey>secret-${number}</SecretAccessKey>` +
  `<SessionToken>token-${number}</SessionToken><Expiration>${new Date(Date.now() + lifeMs).toISOString()}</Expiration>` +
  '</Credentials></AssumeRoleResult><ResponseMetadata><RequestId>up</RequestId></ResponseMetadata></AssumeRoleResponse>';

const refusal = (code: string): string =>
  '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
  `<Code>${code}</Code><Message>No.</Message></Error><RequestId>up</RequestId></ErrorResponse>`;

/** How far the clock of who signs may be from ours, as at AWS. */
const maxSkewMs = 900_000;

/** What is wrong with the proof of a request, if anything. */
const faultOf = ({ headers }: IncomingMessage, accepts: string | undefined): string | undefined => {
  const { authorization = '', 'x-amz-date': date = '' } = headers as Readonly<Record<string, string>>;
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  if (Math.abs(signedAt - Date.now()) > maxSkewMs) return 'RequestExpired';
  return accepts === undefined || authorization.includes(`Credential=${accepts}/`) ? undefined : 'InvalidClientTokenId';
};

export const openCloud = async (): Promise<Cloud> => {
  const held: (() => void)[] = [];
  const waiting: { readonly count: number; readonly came: () => void }[] = [];
  const answer = (message: IncomingMessage, response: ServerResponse, number: number): void => {
    const fault = faultOf(message, cloud.accepts);
    if (cloud.failing) response.writeHead(503).end();
    else if (fault !== undefined) response.writeHead(403, { 'content-type': 'text/xml' }).end(refusal(fault));
    else response.writeHead(200, { 'content-type': 'text/xml' }).end(reply(number, cloud.lifeMs));
  };
  const server = createServer(async (message, response) => {
    let body = '';
    for await (const piece of message.setEncoding('utf8')) body += piece;
    cloud.traceparents.push(message.headers['traceparent']?.toString());
    const number = cloud.calls.push(new URLSearchParams(body).get('RoleSessionName') ?? '');
    cloud.at.push(Date.now());
    if (cloud.holding) held.push(() => answer(message, response, number));
    else answer(message, response, number);
    for (const { count, came } of waiting) if (cloud.calls.length >= count) came();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cloud: Cloud = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    at: [],
    traceparents: [],
    holding: false,
    failing: false,
    accepts: undefined,
    lifeMs: 3_600_000,
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
