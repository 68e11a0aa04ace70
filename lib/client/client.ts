import type { Credentials } from '../core/credentials.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { isObject, member, readJson } from '../wire/json.ts';
import { ClientError } from './errors.ts';
import { type LeaseReport, readLeaseReports } from './leases.ts';
import { leasesRequest, type Question, requestOf } from './question.ts';

/** Adds the proof of who asks to a request; rejects with a ClientError if there is no proof to be had. */
export type Prove = (request: HttpRequest, signal: AbortSignal) => Promise<HttpRequest>;

/** What a client works with. */
export interface ClientDeps {
  readonly server: URL;
  readonly prove: Prove;
  readonly transport: Transport;
  readonly now: () => Date;
}

/** Credentials as a server gave them. */
export interface MintedCredentials {
  readonly account: string;
  /** The id of the cloud: `aws`, `tencent-v3`, … */
  readonly cloud: string;
  readonly credentials: Pick<Credentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'expiration'>;
  /**
   * How long they were valid when they arrived, in milliseconds, by the server's own clock: a machine whose clock is
   * wrong must not take them for expired, nor serve them for longer.
   */
  readonly validForMs: number;
}

/** Asks one credmint server. Every method rejects with a ClientError. */
export interface Client {
  /** Credentials, read. */
  credentials(question: Question, signal: AbortSignal): Promise<MintedCredentials>;
  /** Credentials as the text of one of the API's formats. */
  text(question: Question, format: string, signal: AbortSignal): Promise<string>;
  /** How the leases are doing that the server lets this caller see, by its own clock. */
  leases(signal: AbortSignal): Promise<{ readonly leases: readonly LeaseReport[]; readonly at: Date }>;
}

/**
 * A client of one server.
 *
 * @example
 * const client = createClient({ server, prove: proveByToken(async () => token), transport, now: () => new Date() });
 * const { credentials } = await client.credentials({ kind: 'lease', lease: 'demo' }, AbortSignal.timeout(10_000));
 */
export const createClient = ({ server, prove, transport, now }: ClientDeps): Client => {
  const send = async (unproven: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    const request = await prove(unproven, signal);
    const response = await transport(request, signal).catch(() => {
      throw new ClientError('unavailable', 'ServerUnreachable', `${server.origin} does not answer.`);
    });
    if (response.status !== 200) throw refusalOf(response);
    return response;
  };
  const ask = (question: Question, format: string | undefined, signal: AbortSignal): Promise<HttpResponse> =>
    send(requestOf(server, question, format), signal);
  return {
    credentials: async (question, signal) => mintedFrom(await ask(question, undefined, signal), now()),
    text: async (question, format, signal) => (await ask(question, format, signal)).body,
    leases: async (signal) => {
      const leases: LeaseReport[] = [];
      for (let after: string | undefined; ; ) {
        const response = await send(leasesRequest(server, after), signal);
        const page = readLeaseReports(response.body, after);
        leases.push(...page.leases);
        if (page.next === undefined) return { leases, at: serverTimeOf(response) ?? now() };
        after = page.next;
      }
    },
  };
};

const textOf = (value: unknown, name: string): string | undefined => {
  const found = member(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/** What may be shown on a terminal: one line without control characters, and not long. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 500);

/** The server's problem+json as an error. What is not of that form came from something else in between. */
const refusalOf = ({ status, headers, body }: HttpResponse): ClientError => {
  const problem = readJson(body);
  const retryable = status === 429 || status === 503 || status === 504 || member(problem, 'retryable') === true;
  const retryAfter = /^\d{1,5}$/.exec(headers['retry-after'] ?? '')?.[0];
  const reason = textOf(problem, 'reason');
  const detail =
    textOf(problem, 'detail') ?? textOf(problem, 'Message') ?? `The server answered with status ${status}.`;
  return new ClientError(
    retryable ? 'unavailable' : 'refused',
    printable(textOf(problem, 'code') ?? textOf(problem, 'Code') ?? `Http${status}`),
    printable(reason === undefined ? detail : `${detail} (${reason})`),
    omitUndefined({
      requestId: printable(textOf(problem, 'requestId') ?? headers['x-request-id'] ?? '') || undefined,
      retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
    }),
  );
};

/** The server's own clock, by which it knows what has ended. */
const serverTimeOf = ({ headers }: HttpResponse): Date | undefined => {
  const time = new Date(headers['date'] ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time;
};

const mintedFrom = (response: HttpResponse, now: Date): MintedCredentials => {
  const answer = readJson(response.body);
  const content = member(answer, 'credentials');
  const [account, cloud] = [textOf(answer, 'account'), textOf(answer, 'cloud')];
  const [id, secret, token, end] = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration'].map((name) =>
    isObject(content) ? textOf(content, name) : undefined,
  );
  const expiration = new Date(end ?? '');
  if (!account || !cloud || !id || !secret || !token || Number.isNaN(expiration.getTime()))
    throw new ClientError('refused', 'NotCredmint', 'The answer of the server does not hold credentials.');
  return {
    account,
    cloud,
    credentials: { accessKeyId: id, secretAccessKey: new Secret(secret), sessionToken: new Secret(token), expiration },
    validForMs: expiration.getTime() - (serverTimeOf(response) ?? now).getTime(),
  };
};
