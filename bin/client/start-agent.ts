import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createAgent } from '../../lib/client/agent/agent.ts';
import type { AgentRequest } from '../../lib/client/agent/answer.ts';
import { userOfConnection } from '../../lib/client/agent/peer-user.ts';
import { type AgentServer, listen } from '../../lib/client/agent/server.ts';
import { sessionTokens } from '../../lib/client/agent/session-tokens.ts';
import { ClientError, describeError, usageError } from '../../lib/client/errors.ts';
import { createRenewal } from '../../lib/client/renewal.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Io } from '../commands/command.ts';
import { attemptSignal, clock, type OpenClient } from './open-client.ts';

/** An agent of this process, and the secret that its readers know. */
export interface StartedAgent {
  readonly port: number;
  readonly token: Secret;
  /** Rejects with a ClientError if there are no credentials. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const connections = '/proc/net/tcp';

/** Whose process a connection is of can be read on Linux alone; elsewhere a metadata service is not served. */
const ownProcesses = async (): Promise<(port: number, agentPort: number) => Promise<boolean>> => {
  const user = process.getuid?.();
  await readFile(connections, 'utf8').catch(() => {
    throw usageError('--metadata needs Linux: elsewhere the agent cannot tell whose process asks.', 'NoPeerUser');
  });
  return async (port, agentPort) =>
    user !== undefined && userOfConnection(await readFile(connections, 'utf8'), port, agentPort) === user;
};

/** Starts an agent that keeps a client's credentials fresh until it is closed. */
export const startAgent = async (
  client: OpenClient,
  { port, metadata }: { readonly port: number; readonly metadata: boolean },
  io: Pick<Io, 'stderr'>,
): Promise<StartedAgent> => {
  const token = new Secret(randomBytes(32).toString('base64url'));
  const renewal = createRenewal({
    mint: client.credentials,
    clock,
    attemptSignal,
    onFailure: (thrown) => {
      if (thrown instanceof ClientError) io.stderr.write(`${describeError(thrown)}\n`);
    },
  });
  const isOwn = metadata ? await ownProcesses() : undefined;
  let server: AgentServer | undefined;
  const answer = createAgent({
    current: renewal.current,
    token,
    now: clock.now,
    ...(isOwn === undefined
      ? {}
      : {
          metadata: {
            tokens: sessionTokens(randomBytes(32), clock.now),
            isOwnProcess: async ({ peerPort }: AgentRequest) => isOwn(peerPort, server?.port ?? 0),
          },
        }),
  });
  server = await listen(answer, port);
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  return {
    port: server.port,
    token,
    ready: async () => {
      await renewal.current();
      running ??= renewal.run(stop.signal);
    },
    close: async () => {
      stop.abort();
      await server.close();
      await running;
    },
  };
};
