import { createClient, type Prove } from '../client/client.ts';
import { proveByKey, proveByToken } from '../client/prove.ts';
import type { Question } from '../client/question.ts';
import { createRenewal } from '../client/renewal.ts';
import { secureUrl } from '../client/request.ts';
import type { Clock } from '../core/clock.ts';
import type { AccessKey } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import { nodeTransport } from '../transport/node-http.ts';

export { ClientError, type ClientErrorDetail, type ClientFault } from '../client/errors.ts';
export type { Question } from '../client/question.ts';

/** Where a server is, and how to prove oneself there. */
export type ConnectOptions = {
  /** https, or http on this machine. */
  readonly server: string;
  /** How long one request may take, in milliseconds; 10,000 if absent. */
  readonly timeoutMs?: number;
} & (
  | {
      /** Gives the token of whoever asks; called for each request. */
      readonly token: () => string | Promise<string>;
    }
  | { readonly accessKey: { readonly id: string; readonly secret: string; readonly token?: string } }
);

/** Temporary credentials in the shape that the AWS SDKs for JavaScript take. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A server that can be asked. Every method rejects with a {@link ClientError}. */
export interface Connection {
  credentials(question: Question): Promise<TemporaryCredentials>;
  /** Credentials as the text of one of the API's formats: `cos`, `dotenv`, `aws-process`, … */
  text(question: Question, format: string): Promise<string>;
  /**
   * A provider that keeps its credentials: renews them at two thirds of their life when it is asked, and gives what it
   * holds while the server is down.
   */
  provider(question: Question): () => Promise<TemporaryCredentials>;
}

const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  chance: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const proofOf = (options: ConnectOptions): Prove => {
  if ('token' in options) return proveByToken(async () => new Secret(await options.token()));
  const { id, secret, token } = options.accessKey;
  const key = omitUndefined<AccessKey>({
    id,
    secret: new Secret(secret),
    token: token === undefined ? undefined : new Secret(token),
  });
  return proveByKey(async () => key, clock.now);
};

/**
 * Connects to a credmint server; asks nothing yet.
 *
 * @example
 * const credmint = connect({ server: 'https://credmint.example.com', token: () => readFile('/run/token', 'utf8') });
 * const s3 = new S3Client({ credentials: credmint.provider({ kind: 'lease', lease: 'demo' }) });
 */
export const connect = (options: ConnectOptions): Connection => {
  const client = createClient({
    server: secureUrl(options.server, 'The server'),
    prove: proofOf(options),
    transport: nodeTransport(),
    now: clock.now,
  });
  const deadline = (): AbortSignal => AbortSignal.timeout(options.timeoutMs ?? 10_000);
  const opened = ({ credentials }: Awaited<ReturnType<typeof client.credentials>>): TemporaryCredentials => ({
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken.reveal(),
    expiration: credentials.expiration,
  });
  return {
    credentials: async (question) => opened(await client.credentials(question, deadline())),
    text: (question, format) => client.text(question, format, deadline()),
    provider: (question) => {
      const mint = (signal: AbortSignal) => client.credentials(question, signal);
      const { current } = createRenewal({ mint, clock, attemptSignal: deadline });
      return async () => opened(await current());
    },
  };
};
