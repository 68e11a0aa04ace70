import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { connect } from 'node:net';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { signedAssume } from '../../test/support/server-process.ts';
import { askAll, type Finding, names, onStage, pause, told } from './trial.ts';

const silentReaders = fileURLToPath(new URL('./silent-readers.ts', import.meta.url));

/** What became of requests: each was answered, was not taken because the port was closed, or was cut off. */
interface Outcome {
  answered: number;
  /** By the cause. */
  readonly cut: Record<string, number>;
}

const noOutcome = (): Outcome => ({ answered: 0, cut: {} });

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';

/** Asks for one name after another by this agent, until the port is closed. */
const askUntilClosed = async (url: string, name: string, agent: () => Agent, outcome: Outcome): Promise<void> => {
  for (let number = 0; ; number++) {
    const { path, headers, body } = signedAssume(url, `${name}-${number}`);
    try {
      const outgoing = send(new URL(path, url), { agent: agent(), method: 'POST', headers });
      const answer = once(outgoing, 'response');
      outgoing.end(body);
      const [incoming] = (await answer) as [IncomingMessage];
      for await (const _ of incoming);
      outcome.answered++;
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === 'ECONNREFUSED') return;
      outcome.cut[code] = (outcome.cut[code] ?? 0) + 1;
    }
  }
};

/** Sends requests behind one another on each of its connections, until the port is closed. */
const pipelineUntilClosed = async (url: string, name: string, outcome: Outcome): Promise<void> => {
  const { hostname, port } = new URL(url);
  for (let number = 0; ; number++) {
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text;
    });
    let failure: unknown;
    socket.on('error', (thrown) => {
      failure = thrown;
    });
    const closed = new Promise((done) => socket.on('close', done));
    const behind = names(`${name}-${number}`, 4);
    for (const each of behind) {
      const { path, headers, body } = signedAssume(url, each);
      const head = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
      socket.write(`POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${head.join('')}\r\n${body}`);
    }
    // What has answers for all is closed by the one who asked.
    const full = (): boolean => (said.match(/HTTP\/1\.1 \d/g) ?? []).length === behind.length;
    socket.on('data', () => full() && socket.end());
    await closed;
    if (failure !== undefined && codeOf(failure) === 'ECONNREFUSED') return;
    const answers = (said.match(/HTTP\/1\.1 \d/g) ?? []).length;
    outcome.answered += answers;
    // An answer that says that it is the last tells the sender which of the others to send again.
    const isTold = failure === undefined && /^connection: close/im.test(said);
    if (answers < behind.length && !isTold) {
      const code = failure === undefined ? 'unanswered' : codeOf(failure);
      outcome.cut[code] = (outcome.cut[code] ?? 0) + behind.length - answers;
    }
  }
};

/** A process that is told to end while callers ask on new connections, on kept ones and in pipelines. */
export const leavingUnderLoad = (): Promise<Finding> =>
  onStage(
    () => ({ server: { noticeSeconds: 1 } }),
    async ({ server, cloud }) => {
      const [fresh, kept, piped] = [noOutcome(), noOutcome(), noOutcome()];
      const agents = names('kept', 8).map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
      const asking = [
        ...names('fresh', 8).map((name) => askUntilClosed(server.url, name, () => new Agent(), fresh)),
        ...agents.map((agent, index) => askUntilClosed(server.url, `kept-${index}`, () => agent, kept)),
        ...names('piped', 4).map((name) => pipelineUntilClosed(server.url, name, piped)),
      ];
      await cloud.came(200);
      server.child.kill('SIGTERM');
      await Promise.all(asking);
      const code = await server.ended;
      const all = [fresh, kept, piped];
      const tell = ({ answered, cut }: Outcome): string =>
        `${answered} answered, ${
          Object.entries(cut)
            .map(([cause, count]) => `${count} ${cause}`)
            .join(', ') || 'none cut'
        }`;
      return {
        promise: 'SIGTERM cuts no request off',
        fault: 'SIGTERM while 20 callers ask without a pause',
        kept: code === 0 && all.every(({ answered, cut }) => answered > 0 && Object.keys(cut).length === 0),
        figures: `exit ${code}; new connections: ${tell(fresh)}; kept ones: ${tell(kept)}; pipelines: ${tell(piped)}`,
      };
    },
  );

/** Connections that send requests and read no answer. */
export const readersThatReadNothing = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server }) => {
      const { hostname, port } = new URL(server.url);
      await askAll(server, ['kept']);
      const { path, headers, body } = signedAssume(server.url, 'kept');
      const head = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
      const request = `POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${head.join('')}\r\n${body}`;
      const readers = spawn(process.execPath, [silentReaders, port, '100', '3000', request], { stdio: 'ignore' });
      // It would be on a machine of its own: what it takes of this one is not what is measured.
      setPriority(readers.pid ?? 0, constants.priority.PRIORITY_LOW);
      await pause(500);
      const kept = await askAll(server, Array(50).fill('kept'));
      readers.kill('SIGKILL');
      return {
        promise: 'who reads nothing delays nobody',
        fault: '100 connections with 3,000 requests each, whose answers nobody reads',
        kept: kept.served === 50 && kept.slowestMs < 2_000,
        figures: told(kept),
      };
    },
  );
