import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AuditSettings } from '../audit/settings.ts';
import type { AuthoritySettings } from '../authority/authority.ts';
import { upstreams } from '../clouds/catalog.ts';
import type { Account } from '../core/cloud.ts';
import type { CloudFacts } from '../core/cloud-facts.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Explain } from '../grants/explained.ts';
import type { Grant } from '../grants/grant.ts';
import type { Environment } from '../identity/environment.ts';
import type { RuntimeIdentity } from '../identity/runtime-identity.ts';
import type { IssuerSettings } from '../issuer/settings.ts';
import type { LeaseSettings } from '../leases/lease.ts';
import type { StoreSettings } from '../stores/settings.ts';
import { readJson, withoutByteOrderMark } from '../wire/json.ts';
import { checkNames } from './check-names.ts';
import { type ConfigContext, configContext } from './context.ts';
import type { ReferenceDeps } from './references/deps.ts';
import { listReferences } from './references/list.ts';
import { isRemote } from './references/reference.ts';
import { followRemote } from './references/remote.ts';
import type { ReferenceSources } from './references/resolver.ts';
import { secretSources } from './references/sources.ts';
import type { WrittenConfig } from './schema.ts';
import {
  accountsOf,
  keyReadersOf,
  type ReadKeyAgain,
  runtimeIdentitiesOf,
  writtenKeyIdsOf,
} from './sections/accounts.ts';
import { auditOf } from './sections/audit.ts';
import { authorityOf } from './sections/authority.ts';
import { type CallerSettings, callersOf } from './sections/callers.ts';
import { type ConfiguredEvents, eventsOf } from './sections/events.ts';
import { grantOf } from './sections/grants.ts';
import { issuerOf } from './sections/issuer.ts';
import { leasesOf } from './sections/leases.ts';
import type { ServerSettings } from './sections/server.ts';
import { storeOf } from './sections/store.ts';
import { type TlsSettings, tlsOf } from './sections/tls.ts';
import { validate } from './validate.ts';

/** The configuration, whole and checked, its references followed. */
export interface Config extends CallerSettings {
  readonly accounts: ReadonlyMap<string, Account>;
  /** How the key of each account is read again, by the account's name: it may have been replaced where it is kept. */
  readonly keyReaders: ReadonlyMap<string, ReadKeyAgain>;
  /** The identity of this process, for each account that signs by it, by the account's name. */
  readonly runtimeIdentities: ReadonlyMap<string, RuntimeIdentity>;
  /** The id of each account's key as it is written: the reference stays when what it leads to is rotated. */
  readonly writtenKeyIds: ReadonlyMap<string, string>;
  readonly tls?: TlsSettings;
  readonly grants: readonly Grant[];
  readonly authority?: AuthoritySettings;
  /** Our own OIDC issuer. */
  readonly issuer?: IssuerSettings;
  /** What is kept fresh under a name, and who is told if that fails. */
  readonly leases: LeaseSettings;
  readonly audit: AuditSettings;
  readonly store: StoreSettings;
  readonly server: ServerSettings;
  /** Metrics for CloudWatch, on standard output. */
  readonly emf?: { readonly namespace: string };
  readonly events?: ConfiguredEvents;
  /** Where this process finds the AWS credentials of its own role, if anywhere. */
  readonly aws?: RuntimeIdentity;
  readonly publicHosts: readonly string[];
  readonly requireSignedHost: boolean;
  /** How much a caller is told of why it was denied. */
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

/** Reads and checks a configuration file without following remote references. Throws a ConfigError with every fault. */
export const loadConfig = (path: string, environment: Environment, clouds: readonly CloudFacts[] = upstreams): Config =>
  readConfig(jsonAt(path), { folder: dirname(path), environment }, clouds);

/**
 * Reads and checks a configuration file, and follows its references wherever they lead. Rejects with a ConfigError that
 * has every fault, or with an StsError if a place of secrets does not answer.
 */
export const fetchConfig = async (path: string, environment: Environment, deps: ReferenceDeps): Promise<Config> => {
  const json = jsonAt(path);
  const written = validated(json, upstreams);
  const sources = { folder: dirname(path), environment };
  const remote = new Set(listReferences(json).flatMap(({ reference }) => (isRemote(reference) ? [reference] : [])));
  if (remote.size === 0) return read(written, sources, upstreams);
  const follow = followRemote(secretSources(environment), deps);
  return read(written, { ...sources, remote: { found: await follow([...remote]), follow } }, upstreams);
};

const jsonAt = (path: string): unknown => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([`${path}: cannot be read`]);
  }
  const json = readJson(withoutByteOrderMark(text));
  if (json === undefined) throw new ConfigError([`${path}: is not JSON`]);
  return json;
};

/** Checks a configuration and looks its references up. Throws a ConfigError with every fault. */
export const readConfig = (
  json: unknown,
  sources: ReferenceSources,
  clouds: readonly CloudFacts[] = upstreams,
): Config => read(validated(json, clouds), sources, clouds);

const validated = (json: unknown, clouds: readonly CloudFacts[]): WrittenConfig => {
  const validation = validate(json, clouds);
  if ('faults' in validation) throw new ConfigError(validation.faults);
  return validation.written;
};

const read = (written: WrittenConfig, sources: ReferenceSources, clouds: readonly CloudFacts[]): Config => {
  const faults: string[] = [];
  const context = configContext(sources, clouds, written.issuer?.url, (path, why) => faults.push(`${path}: ${why}`));
  const config = sectionsOf(written, context);
  checkNames(written, context);
  checkReusePort(written, context);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

/** Processes that share a port share nothing else: what must not be known to one of them alone needs a place of its own. */
const checkReusePort = ({ server, store, audit }: WrittenConfig, { fault }: ConfigContext): void => {
  if (!server.reusePort) return;
  if ((store?.kind ?? 'memory') === 'memory') {
    // Each process would remember proofs by itself, and a request could be replayed to the next one.
    fault('server.reusePort', 'needs a store that the processes share, which memory is not');
  }
  if (audit.sink.kind === 'file' && !audit.sink.path.includes('%p')) {
    fault('audit.sink.path', 'must contain %p with server.reusePort, so that each process has a file of its own');
  }
};

const sectionsOf = (written: WrittenConfig, context: ConfigContext): Config => {
  const { accounts, authority, issuer, tls, events } = written;
  return {
    ...callersOf(written, context),
    accounts: accountsOf(accounts, issuer !== undefined, context),
    keyReaders: keyReadersOf(accounts, context),
    runtimeIdentities: runtimeIdentitiesOf(accounts, context),
    writtenKeyIds: writtenKeyIdsOf(accounts),
    grants: written.grants.map((grant, index) => grantOf(grant, `grants.${index}`, context)),
    leases: leasesOf(written.leases, written.notify, context),
    audit: auditOf(written.audit, context),
    store: storeOf(written.store, context),
    publicHosts: written.publicHosts,
    requireSignedHost: written.requireSignedHost,
    explain: written.explain,
    cache: { entries: written.cache.entries },
    server: written.server,
    ...omitUndefined({
      authority: authority && authorityOf(authority, context),
      issuer: issuer && issuerOf(issuer, context),
      events: events && eventsOf(events, context),
      tls: tls && tlsOf(tls, context),
      emf: written.emf,
      aws: context.aws,
    }),
  };
};
