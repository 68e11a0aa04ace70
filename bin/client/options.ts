import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ClientError, describeError, usageError } from '../../lib/client/errors.ts';
import { type Profile, readProfile } from '../../lib/client/profile.ts';
import type { Flags, SettingsSources } from '../../lib/client/settings.ts';
import { causeInWords, causeOf } from '../../lib/core/cause.ts';
import type { Io } from '../commands/command.ts';

/** The options that say which server is asked, and by what proof. */
export const serverOptions = {
  profile: { type: 'string' },
  server: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

/** The options that every command of a caller takes. */
export const clientOptions = {
  ...serverOptions,
  account: { type: 'string' },
  role: { type: 'string' },
  'session-name': { type: 'string' },
  federation: { type: 'string' },
  lease: { type: 'string' },
  duration: { type: 'string' },
  policy: { type: 'string' },
  wait: { type: 'string' },
} as const;

const profileUsage = `  --profile NAME        a profile of ~/.config/credmint/config.json (CREDMINT_PROFILE; default: default)
  --server URL          CREDMINT_URL`;
const tokenUsage =
  '  --token-file FILE     CREDMINT_TOKEN_FILE; or CREDMINT_TOKEN, or CREDMINT_KEY and CREDMINT_SECRET';
const exitCodesUsage =
  'Exit codes: 0 done, 1 refused, 2 asked or configured wrongly, 3 not available now: the same may succeed later.';

export const serverOptionsUsage = `${profileUsage}
${tokenUsage}

${exitCodesUsage}`;

export const clientOptionsUsage = `${profileUsage}
  --account NAME        CREDMINT_ACCOUNT
  --role ARN            CREDMINT_ROLE; with --session-name NAME (CREDMINT_SESSION_NAME)
  --federation NAME     a federated user instead of a role
  --lease NAME          CREDMINT_LEASE; what the server keeps fresh, instead of a role
  --duration SECONDS    CREDMINT_DURATION
  --policy FILE         a session policy in the cloud's own grammar
${tokenUsage}
  --wait SECONDS        how long to try again if the server is not there (default 15)

${exitCodesUsage}`;

/** What `parseArgs` makes of the options. */
export type ClientValues = Flags & {
  readonly profile?: string | undefined;
  readonly policy?: string | undefined;
  readonly wait?: string | undefined;
};

/** The variables that say something: CI systems set those that have no value to an empty text, and XDG takes such as absent. */
export const saidIn = ({ environment }: Pick<Io, 'environment'>): Io['environment'] =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));

/** Where profiles, logins and agents are kept: XDG's place for configuration. */
export const clientFolder = (io: Pick<Io, 'environment'>): string => {
  const { XDG_CONFIG_HOME, HOME } = saidIn(io);
  return join(XDG_CONFIG_HOME ?? join(HOME ?? homedir(), '.config'), 'credmint');
};

const fileText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw usageError(`${path} cannot be read: ${causeInWords(causeOf(thrown))}.`);
  }
};

/** The file of profiles. */
export const profilesPath = (io: Pick<Io, 'environment'>): string =>
  saidIn(io)['CREDMINT_CLIENT_CONFIG'] ?? join(clientFolder(io), 'config.json');

/** The profile that is named; an empty one if nobody names one and there is no file. */
export const profileOf = (values: ClientValues, io: Pick<Io, 'environment'>): Profile => {
  const { CREDMINT_PROFILE, CREDMINT_CLIENT_CONFIG } = saidIn(io);
  const named = values.profile ?? CREDMINT_PROFILE;
  const path = profilesPath(io);
  const isChosen = named !== undefined || CREDMINT_CLIENT_CONFIG !== undefined;
  if (!isChosen && !existsSync(path)) return {};
  try {
    return readProfile(fileText(path), named ?? 'default', path);
  } catch (thrown) {
    // A file for other commands need not have a profile called default.
    if (named === undefined && thrown instanceof ClientError && thrown.code === 'UnknownProfile') return {};
    throw thrown;
  }
};

/** What the settings of a client are read from. */
export const settingsSources = (values: ClientValues, io: Pick<Io, 'environment'>): SettingsSources => ({
  flags: values,
  environment: saidIn(io),
  profile: profileOf(values, io),
  policy: values.policy === undefined ? undefined : fileText(values.policy),
  user: userInfo().username,
});

/** `--wait` in milliseconds. */
export const maxWaitMs = ({ wait }: ClientValues): number => {
  if (wait !== undefined && !/^\d{1,5}$/.test(wait)) throw usageError('--wait must be a whole number of seconds.');
  return Number(wait ?? 15) * 1000;
};

const exitCodes = { refused: 1, usage: 2, unavailable: 3 } as const;

/** Runs a command of a caller; a ClientError is one line on stderr and an exit code that scripts can tell apart. */
export const reportingErrors = async (io: Io, run: () => Promise<number>): Promise<number> => {
  try {
    return await run();
  } catch (thrown) {
    if (!(thrown instanceof ClientError)) throw thrown;
    io.stderr.write(`${describeError(thrown)}\n`);
    return exitCodes[thrown.fault];
  }
};
