import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../../lib/app/sleep.ts';
import { type Client, createClient, type MintedCredentials } from '../../lib/client/client.ts';
import type { ClientError } from '../../lib/client/errors.ts';
import { loginToken } from '../../lib/client/login/login-token.ts';
import { tokenFile } from '../../lib/client/login/token-file.ts';
import { proverOf } from '../../lib/client/prove.ts';
import type { Question } from '../../lib/client/question.ts';
import { withRetry } from '../../lib/client/retry.ts';
import { clientSettings, type ServerSettings, serverSettings } from '../../lib/client/settings.ts';
import type { Clock } from '../../lib/core/clock.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import type { Io } from '../commands/command.ts';
import { type ClientValues, clientFolder, maxWaitMs, settingsSources } from './options.ts';
import { runCommand } from './run-command.ts';

/** The machine's own time and chance. */
export const clock: Clock = { now: () => new Date(), monotonicMs: () => performance.now(), sleep, chance: Math.random };

/** The deadline of one request, with the proof that it needs. */
export const attemptSignal = (): AbortSignal => AbortSignal.timeout(15_000);

/** A client that asks one question, as the command line, the environment and the profile say. */
export interface OpenClient {
  readonly client: Client;
  readonly question: Question;
  credentials(signal: AbortSignal): Promise<MintedCredentials>;
  /** Tries again, and says so on stderr, while the server is not there. */
  text(format: string): Promise<string>;
}

/** Where the tokens of logins are kept. */
export const tokenFolder = (io: Pick<Io, 'environment'>): string => join(clientFolder(io), 'logins');

export const openClient = (values: ClientValues, io: Io): OpenClient => {
  const settings = clientSettings(settingsSources(values, io));
  const { server, question } = settings;
  const client = clientOf(settings, io);
  const onWait = ({ code }: ClientError, waitMs: number): void => {
    io.stderr.write(`credmint: ${server.origin}: ${code}; trying again in ${Math.ceil(waitMs / 1000)} s\n`);
  };
  return {
    client,
    question,
    credentials: (signal) => client.credentials(question, signal),
    text: (format) =>
      withRetry(() => client.text(question, format, attemptSignal()), { clock, maxWaitMs: maxWaitMs(values), onWait }),
  };
};

/** A client that asks what is no question for credentials. */
export const openServerClient = (values: ClientValues, io: Io): Client =>
  clientOf(serverSettings(settingsSources(values, io)), io);

const clientOf = ({ server, proof }: ServerSettings, io: Io): Client => {
  const transport = nodeTransport();
  const prove = proverOf(proof, {
    environment: io.environment,
    transport,
    now: clock.now,
    readFile: (path) => readFile(path, 'utf8'),
    runCommand,
    loginToken: (login) =>
      loginToken(login, tokenFile(tokenFolder(io), login, clock), { transport, clock, attemptSignal }),
  });
  return createClient({ server, prove, transport, now: clock.now });
};
