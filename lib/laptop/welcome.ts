import type { Cloud } from '../core/cloud.ts';
import { Secret } from '../core/secret.ts';
import type { LocalState } from './local-state.ts';

const heading = (text: string): string => `\n# ${text}\n`;

/** What `npm start` prints: lines to paste into another terminal. They take the keys from a private file. */
export const welcome = (
  { access, envPath, consoleLink }: LocalState & { readonly consoleLink?: string },
  clouds: readonly Cloud[],
): string => {
  const { url, roles, accessKey } = access;
  const json = access.accounts.map(
    (account) =>
      `curl -sS --fail-with-body "$CREDMINT_URL/assumeRole" -H "authorization: Bearer $CREDMINT_TOKEN" -H 'content-type: application/json' \\\n` +
      `  -d '{"account":"${account}","roleArn":"${roles[account] ?? ''}","roleSessionName":"me"}'\n`,
  );
  const context = { host: new URL(url).host, accessKey: { id: accessKey.id, secret: new Secret(accessKey.secret) } };
  return [
    `Paste into another terminal:\n`,
    `\n. '${envPath}'\n`,
    heading('The JSON API, one line for each account'),
    ...json,
    heading('A lease: credentials that are kept fresh'),
    `curl -sS --fail-with-body "$CREDMINT_URL/leases/demo?format=dotenv" -H "authorization: Bearer $CREDMINT_TOKEN"\n`,
    ...clouds.flatMap((cloud) => [heading(cloud.title), cloud.quickstart({ ...context, role: roles[cloud.id] ?? '' })]),
    `\nThe key, the token and the roles are also in ${envPath.replace(/env$/, 'local.json')}, for SDKs.\n`,
    ...(consoleLink === undefined
      ? []
      : [
          heading('What it does, in a browser: this link works once, and the page says how to ask for another'),
          `${consoleLink}\n`,
        ]),
  ].join('');
};
