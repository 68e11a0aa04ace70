import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { usageError } from '../../lib/client/errors.ts';
import { browserLogin } from '../../lib/client/login/browser-login.ts';
import { type DevicePrompt, deviceLogin } from '../../lib/client/login/device-login.ts';
import { discover } from '../../lib/client/login/endpoints.ts';
import { tokenFile } from '../../lib/client/login/token-file.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { attemptSignal, clock, tokenFolder } from '../client/open-client.ts';
import { profileOf, profilesPath, reportingErrors } from '../client/options.ts';
import type { Command, Io } from './command.ts';

/** How long a person may take in the browser, in milliseconds. */
const maxLoginMs = 10 * 60_000;

const sayCode =
  (io: Io) =>
  ({ url, userCode, completeUrl }: DevicePrompt): void => {
    io.stderr.write(`Open ${url} in any browser and enter the code ${userCode}\n`);
    if (completeUrl !== undefined) io.stderr.write(`or open ${completeUrl}\n`);
  };

/** Opens a page by the program of the desktop; the address is printed too, for a machine that has none. */
const openPage =
  (io: Io) =>
  (url: URL): void => {
    io.stderr.write(`Log in at ${url}\n`);
    const [file, ...args] =
      process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['explorer'] : ['xdg-open'];
    const child = spawn(file ?? '', [...args, url.href], { stdio: 'ignore', detached: true });
    child.on('error', () => undefined);
    child.unref();
  };

export const login: Command = {
  summary: "log in at the profile's issuer; the tokens are kept in a private file",
  usage: `credmint login [--profile NAME] [--browser] [--logout]

The profile has {"proof": {"login": {"issuer": "https://…", "clientId": "…"}}}.

  --browser             log in by a browser on this machine instead of a code for any device
  --logout              forget the tokens instead`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        profile: { type: 'string' },
        browser: { type: 'boolean', default: false },
        logout: { type: 'boolean', default: false },
      },
    });
    return reportingErrors(io, async () => {
      const { proof } = profileOf(values, io);
      if (proof === undefined || !('login' in proof)) {
        throw usageError(`The profile has no proof by login: ${profilesPath(io)}; credmint login --help shows one.`);
      }
      const file = tokenFile(tokenFolder(io), proof.login, clock);
      if (values.logout) {
        await rm(file.path, { force: true });
        return 0;
      }
      const deps = { transport: nodeTransport(), clock, attemptSignal };
      const endpoints = await discover(proof.login.issuer, deps.transport, attemptSignal());
      const tokens = values.browser
        ? await browserLogin(endpoints, proof.login, {
            ...deps,
            random: () => randomBytes(32).toString('base64url'),
            openPage: openPage(io),
            signal: AbortSignal.timeout(maxLoginMs),
          })
        : await deviceLogin(endpoints, proof.login, deps, sayCode(io));
      await file.exclusively(() => file.write(tokens));
      io.stderr.write(`Logged in at ${proof.login.issuer}.\n`);
      return 0;
    });
  },
};
