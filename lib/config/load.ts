import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { AuditSettings } from '../audit/settings.ts';
import type { PlatformRules } from '../auth/gateway/rules.ts';
import type { JwtRule } from '../auth/jwt/rule.ts';
import type { CallerKey } from '../auth/keys/caller-keys.ts';
import type { RateLimit } from '../auth/rate-limit.ts';
import type { AuthoritySettings } from '../authority/authority.ts';
import type { AwsSource } from '../aws/credentials.ts';
import type { Account } from '../core/cloud.ts';
import type { AccessKey } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { Explain } from '../grants/explained.ts';
import type { Grant } from '../grants/grant.ts';
import type { LeaseSettings } from '../leases/lease.ts';
import type { StoreSettings } from '../stores/settings.ts';
import { isObject, readJson } from '../wire/json.ts';
import { awsOf } from './aws-source.ts';
import { referencePlaces } from './references/environment-places.ts';
import { type ConfigContext, lookUp, remoteReferences } from './references/local.ts';
import type { Follow, ReferencePlaces } from './references/places.ts';
import { configSchema, type WrittenConfig } from './schema.ts';
import { accountOf, type Look, remoteKeys } from './sections/accounts.ts';
import { auditOf } from './sections/audit.ts';
import { authorityOf } from './sections/authority.ts';
import { callersOf } from './sections/callers.ts';
import { type ConfiguredEvents, eventsOf } from './sections/events.ts';
import { grantOf } from './sections/grants.ts';
import { leaseCallers, leasesOf } from './sections/leases.ts';
import type { ServerSettings } from './sections/server.ts';
import { storeOf } from './sections/store.ts';
import { type TlsSettings, tlsOf } from './sections/tls.ts';

/** The configuration, whole and checked, its references followed. */
export interface Config {
  readonly accounts: ReadonlyMap<string, Account>;
  /** Of accounts whose keys are kept elsewhere: how to read them there again. */
  readonly remoteKeys: ReadonlyMap<string, () => Promise<AccessKey | undefined>>;
  readonly keys: readonly CallerKey[];
  readonly jwtRules: readonly JwtRule[];
  /** What platforms and proxies are trusted to say of callers. */
  readonly platform: PlatformRules;
  /** How often callers may ask one instance, of those who are limited. */
  readonly rates: ReadonlyMap<string, RateLimit>;
  readonly tls?: TlsSettings;
  readonly grants: readonly Grant[];
  readonly authority?: AuthoritySettings;
  /** What is kept fresh under a name, and who hears where that fails. */
  readonly leases: LeaseSettings;
  readonly audit: AuditSettings;
  readonly store: StoreSettings;
  readonly server: ServerSettings;
  /** Figures for CloudWatch, on standard output. */
  readonly emf?: { readonly namespace: string };
  readonly events?: ConfiguredEvents;
  /** Where this process finds the AWS credentials of its own role, if anywhere. */
  readonly aws?: AwsSource;
  readonly publicHosts: readonly string[];
  /** How much of why it was denied a caller is told. */
  readonly explain: Explain;
  readonly cache: { readonly entries: number };
}

/** Everything that is wrong with a configuration, each fault with its path. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Reads and checks a configuration file. Throws a ConfigError that names every fault. */
export const loadConfig = (path: string, environment: ConfigContext['environment']): Config =>
  readConfig(writtenAt(path), { folder: dirname(path), environment });

/**
 * Reads and checks a configuration file, and first follows those of its references that lead out of this process.
 * Rejects with a ConfigError that names every fault, or with an StsError where a place does not answer.
 */
export const fetchConfig = async (
  path: string,
  environment: ConfigContext['environment'],
  followingIn: (places: ReferencePlaces) => Follow,
): Promise<Config> => {
  const written = writtenAt(path);
  const references = remoteReferences(written);
  if (references.length === 0) return readConfig(written, { folder: dirname(path), environment });
  const follow = followingIn(referencePlaces(environment));
  const remote = { found: await follow(references), follow };
  return readConfig(written, { folder: dirname(path), environment, remote });
};

const writtenAt = (path: string): unknown => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([`${path}: cannot be read`]);
  }
  const written = readJson(text);
  if (written === undefined) throw new ConfigError([`${path}: is not JSON`]);
  return written;
};

/** Checks a configuration and follows its references. Throws a ConfigError that names every fault. */
export const readConfig = (written: unknown, surroundings: ConfigContext): Config => {
  // To the schema, a list is an object with nothing in it.
  if (!isObject(written)) throw new ConfigError(['the file: must be an object']);
  const dropped = droppedNames(written, '');
  if (dropped.length > 0) throw new ConfigError(dropped.map((path) => `${path}: may not be called so`));
  const parsed = v.safeParse(configSchema, written);
  if (!parsed.success) {
    throw new ConfigError(parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${sentence(issue)}`));
  }
  const faults: string[] = [];
  const config = assemble(parsed.output, surroundings, (path, why) => faults.push(`${path}: ${why}`));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

/**
 * Members whose names the schema's records leave out without a word, as they could reach a prototype. Here each is a
 * fault: a condition that is not read is a condition that is not enforced.
 */
const droppedNames = (value: unknown, path: string): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return ['__proto__', 'prototype', 'constructor'].includes(name) ? [at] : droppedNames(inner, at);
  });
};

/** Never quotes a value: somebody may have written a secret where a reference belongs. */
const sentence = (issue: v.BaseIssue<unknown>): string => {
  if (issue.received === 'undefined') return 'is missing';
  if (issue.type === 'strict_object') return 'is not known here';
  if (issue.kind === 'validation' && issue.message.startsWith('must ')) return issue.message;
  return `must be ${issue.expected ?? 'otherwise'}`;
};

type Complain = (path: string, why: string) => void;

const assemble = (written: WrittenConfig, surroundings: ConfigContext, complain: Complain): Config => {
  const look: Look = (reference) => lookUp(reference, surroundings);
  const secret = (path: string, reference: string): Secret => {
    const found = look(reference);
    if (found === undefined) complain(path, `refers to ${reference}, where there is nothing`);
    return found ?? new Secret('');
  };
  const { keys, jwtRules, platform, rates } = callersOf(written, { secret, complain });
  const accounts = new Map(
    Object.entries(written.accounts).map(([name, account]) => [
      name,
      accountOf(name, account, look, { secret, complain }),
    ]),
  );
  const known = new Set([...Object.keys(written.callers), 'session', ...leaseCallers]);
  const grants = written.grants.map((grant, index): Grant => {
    for (const name of grant.callers)
      if (!known.has(name)) complain(`grants.${index}.callers`, `names ${name}, who is no caller`);
    if (!accounts.has(grant.account))
      complain(`grants.${index}.account`, `names ${grant.account}, which is no account`);
    return grantOf(grant, `grants.${index}`, secret, complain);
  });
  const authority = written.authority && authorityOf(written.authority, { secret, complain });
  if (authority === undefined && [...accounts.values()].some((account) => account.cloud === 'authority')) {
    complain('authority', 'is missing, yet an account is of it');
  }
  if (written.server.reusePort && (written.store?.kind ?? 'memory') === 'memory') {
    // Each process would remember nonces by itself, and a request could be replayed to the next one.
    complain('server.reusePort', 'needs a store that the processes share, which memory is not');
  }
  if (written.server.reusePort && written.audit.sink.kind === 'file' && !written.audit.sink.path.includes('%p')) {
    complain('audit.sink.path', 'must contain %p with server.reusePort, so that each process has a file of its own');
  }
  const audit = auditOf(written.audit, { folder: surroundings.folder, secret, complain });
  return {
    accounts,
    remoteKeys: remoteKeys(written, surroundings),
    keys,
    jwtRules,
    platform,
    rates,
    grants,
    leases: leasesOf(written, {
      ...surroundings,
      secret,
      complain,
      isAccount: (name) => accounts.has(name),
      onAws: awsOf(surroundings.environment) !== undefined,
    }),
    audit,
    store: storeOf(written.store, { ...surroundings, secret, complain }),
    publicHosts: written.publicHosts,
    explain: written.explain,
    cache: { entries: written.cache.entries ?? 10_000 },
    server: written.server,
    ...omitUndefined({
      events: written.events && eventsOf(written.events, (name) => known.has(name), { secret, complain }),
      aws: awsOf(surroundings.environment),
    }),
    ...omitUndefined({ authority, emf: written.emf, tls: written.tls && tlsOf(written.tls, secret) }),
  };
};
