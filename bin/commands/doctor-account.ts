import { processDeps } from '../../lib/app/process-deps.ts';
import { upstreamsWith } from '../../lib/clouds/dialects.ts';
import { fetchConfig } from '../../lib/config/load.ts';
import { StsError } from '../../lib/core/errors.ts';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';
import { ask } from '../../lib/diagnostics/probe/ask.ts';
import { reportOf } from '../../lib/diagnostics/probe/report.ts';
import { runtimeKey } from '../../lib/identity/runtime-key.ts';
import type { Io } from './command.ts';

const questionMs = 10_000;

/** What is asked of which account. */
interface AccountQuestion {
  readonly account: string;
  readonly role?: string | undefined;
  /** The configuration's path. */
  readonly path: string;
  readonly json: boolean;
}

/** Asks the real system of an account what it can, by the account's key. Resolves to the exit code. */
export const doctorAccount = async ({ account: name, role, path, json }: AccountQuestion, io: Io): Promise<number> => {
  const deps = processDeps();
  const config = await fetchConfig(path, io.environment, deps);
  const account = config.accounts.get(name);
  const upstream = upstreamsWith(io.clouds).find(({ id }) => id === account?.cloud);
  if (account === undefined || upstream === undefined) {
    io.stderr.write('There is no such account, or its system cannot be asked.\n');
    return 2;
  }
  const identity = config.runtimeIdentities.get(name);
  try {
    const key = identity && (await runtimeKey(identity, deps)(AbortSignal.timeout(questionMs)));
    const replies = await ask({
      upstream,
      account: { ...account, ...omitUndefined({ key }) },
      transport: deps.transport,
      moment: () => ({ now: deps.now(), nonce: deps.nonce() }),
      signal: () => AbortSignal.timeout(questionMs),
      ...omitUndefined({ role }),
    });
    const report = reportOf(upstream, account.profile, replies);
    io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${report.lines.join('\n')}\n`);
    return report.isFit ? 0 : 1;
  } catch (thrown) {
    io.stderr.write(`${StsError.from(thrown).message}\n`);
    return 2;
  }
};
