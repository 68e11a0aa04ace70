import { omitUndefined } from '../core/omit-undefined.ts';
import { usageError } from './errors.ts';
import type { Profile, ProofSettings } from './profile.ts';
import type { Question } from './question.ts';
import { secureUrl } from './request.ts';

/** What the command line says; every value as it was typed. */
export interface Flags {
  readonly server?: string | undefined;
  readonly account?: string | undefined;
  readonly role?: string | undefined;
  readonly 'session-name'?: string | undefined;
  readonly federation?: string | undefined;
  readonly lease?: string | undefined;
  readonly duration?: string | undefined;
  readonly 'token-file'?: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Which server is asked, and by what proof. */
export interface ServerSettings {
  readonly server: URL;
  readonly proof: ProofSettings;
}

/** The same, and what is asked. */
export interface ClientSettings extends ServerSettings {
  readonly question: Question;
}

/** What settings are made of. A flag wins over a variable, and a variable over the profile. */
export interface SettingsSources {
  readonly flags: Flags;
  readonly environment: Environment;
  readonly profile: Profile;
  /** The session policy of `--policy`, read. */
  readonly policy?: string | undefined;
  /** Names the session of a role if nothing else does: who runs this. */
  readonly user: string;
}

/** Where the server is; a ClientError if nothing says so. */
const serverOf = ({ flags, environment, profile }: Omit<SettingsSources, 'user' | 'policy'>): URL => {
  const url = flags.server ?? environment['CREDMINT_URL'] ?? profile.server;
  if (url === undefined) throw usageError('No server: give --server, CREDMINT_URL, or a profile that has one.');
  return secureUrl(url, 'The server');
};

/** The settings of a client, or a ClientError that says what is missing. */
export const clientSettings = (sources: SettingsSources): ClientSettings => ({
  server: serverOf(sources),
  question: questionOf(sources),
  proof: proofOf(sources),
});

/** The same for what is not a question for credentials. */
export const serverSettings = (sources: SettingsSources): ServerSettings => ({
  server: serverOf(sources),
  proof: proofOf(sources),
});

const secondsOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw usageError('The duration must be a whole number of seconds.');
  return Number(text);
};

/** What identifies a kind of question, from the strongest source that has any of them. */
const targetOf = ({ flags, environment, profile }: SettingsSources): Pick<Profile, 'lease' | 'role' | 'federation'> => {
  const variables = { lease: environment['CREDMINT_LEASE'], role: environment['CREDMINT_ROLE'] };
  const all: readonly Pick<Flags, 'lease' | 'role' | 'federation'>[] = [flags, variables, profile];
  const { lease, role, federation } = all.find((one) => one.lease ?? one.role ?? one.federation) ?? {};
  if ([lease, role, federation].filter((one) => one !== undefined).length > 1)
    throw usageError('Only one of lease, role and federation can be asked for.');
  return omitUndefined({ lease, role, federation });
};

const questionOf = (sources: SettingsSources): Question => {
  const { flags, environment, profile, user } = sources;
  const { lease, role, federation } = targetOf(sources);
  if (lease !== undefined) return { kind: 'lease', lease };
  const rest = omitUndefined({
    account: flags.account ?? environment['CREDMINT_ACCOUNT'] ?? profile.account,
    durationSeconds: secondsOf(flags.duration ?? environment['CREDMINT_DURATION']) ?? profile.durationSeconds,
    policy: sources.policy ?? (profile.policy === undefined ? undefined : JSON.stringify(profile.policy)),
  });
  if (federation !== undefined) return { kind: 'federation', name: federation, ...rest };
  if (role === undefined) throw usageError('Nothing is asked for: give --role, --federation or --lease.');
  const sessionName = flags['session-name'] ?? environment['CREDMINT_SESSION_NAME'] ?? profile.sessionName;
  // The characters that every cloud takes.
  const fallback = user.replace(/[^\w.-]+/g, '-').slice(0, 32);
  return { kind: 'role', role, sessionName: sessionName ?? (fallback === '' ? 'credmint' : fallback), ...rest };
};

/** What is at hand to prove who asks; what is said outright comes first. */
const proofOf = ({ flags, environment, profile }: SettingsSources): ProofSettings => {
  const tokenFile = flags['token-file'] ?? environment['CREDMINT_TOKEN_FILE'];
  if (tokenFile !== undefined) return { token: `file:${tokenFile}` };
  if (environment['CREDMINT_TOKEN'] !== undefined) return { token: 'env:CREDMINT_TOKEN' };
  if (environment['CREDMINT_KEY'] !== undefined)
    return { accessKey: { id: environment['CREDMINT_KEY'].trim(), secret: 'env:CREDMINT_SECRET' } };
  if (profile.proof !== undefined) return profile.proof;
  if (environment['ACTIONS_ID_TOKEN_REQUEST_URL'] !== undefined)
    return { github: { audience: environment['CREDMINT_AUDIENCE'] ?? 'credmint' } };
  if (environment['CREDMINT_ID_TOKEN'] !== undefined) return { gitlab: { variable: 'CREDMINT_ID_TOKEN' } };
  throw usageError(
    'Nothing here proves who you are: set CREDMINT_TOKEN, give --token-file, or a profile with a proof.',
    'NoProof',
  );
};
