import type { AuditSettings } from '../audit/settings.ts';
import type { AuthoritySettings } from '../authority/authority.ts';
import { carried } from '../core/carried.ts';
import type { Account } from '../core/cloud.ts';
import type { CloudFacts } from '../core/cloud-facts.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Explain } from '../grants/explained.ts';
import type { Grant } from '../grants/grant.ts';
import type { RuntimeIdentity } from '../identity/runtime-identity.ts';
import type { IssuerSettings } from '../issuer/settings.ts';
import type { LeaseSettings } from '../leases/lease.ts';
import type { StoreSettings } from '../stores/settings.ts';
import { ConfigError } from './config-error.ts';
import { type ConfigContext, configContext } from './context.ts';
import type { ReferenceSources } from './references/resolver.ts';
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
import { type TelemetrySettings, telemetryOf } from './sections/telemetry.ts';
import { type TlsSettings, tlsOf } from './sections/tls.ts';

/** The configuration, whole and checked, its references followed. */
export interface Config extends CallerSettings {
  /** As it stands in the file, for telling what another reading of it has changed. */
  readonly written: WrittenConfig;
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
  /** What a server tells of itself besides its metrics. */
  readonly telemetry?: TelemetrySettings;
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

/** What reads the sections that not every configuration has. A function is built without those that it does not use. */
const optional = {
  authority: authorityOf,
  issuer: issuerOf,
  leases: leasesOf,
  events: eventsOf,
  tls: tlsOf,
  telemetry: telemetryOf,
};

/**
 * A configuration whose form is valid, its references looked up. `check` may say what else is wrong with it. Throws a
 * ConfigError with every fault.
 */
export const configOf = (
  written: WrittenConfig,
  sources: ReferenceSources,
  clouds: readonly CloudFacts[],
  check: (context: ConfigContext) => void = () => undefined,
): Config => {
  const faults: string[] = [];
  const context = configContext(sources, clouds, written.issuer?.url, (path, why) => faults.push(`${path}: ${why}`));
  const config = sectionsOf(written, context);
  check(context);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

const leasesIn = ({ leases, notify }: WrittenConfig, context: ConfigContext): LeaseSettings =>
  Object.keys(leases).length + notify.length === 0
    ? { leases: new Map(), notify: [] }
    : carried(optional.leases, 'leases')(leases, notify, context);

const sectionsOf = (written: WrittenConfig, context: ConfigContext): Config => {
  const { accounts, authority, issuer, tls, telemetry, events } = written;
  return {
    written,
    ...callersOf(written, context),
    accounts: accountsOf(accounts, issuer !== undefined, context),
    keyReaders: keyReadersOf(accounts, context),
    runtimeIdentities: runtimeIdentitiesOf(accounts, context),
    writtenKeyIds: writtenKeyIdsOf(accounts),
    grants: written.grants.map((grant, index) => grantOf(grant, `grants.${index}`, context)),
    leases: leasesIn(written, context),
    audit: auditOf(written.audit, context),
    store: storeOf(written.store, context),
    publicHosts: written.publicHosts ?? [],
    requireSignedHost: written.requireSignedHost,
    explain: written.explain,
    cache: { entries: written.cache.entries },
    server: written.server,
    ...omitUndefined({
      authority: authority && carried(optional.authority, 'the authority')(authority, context),
      issuer: issuer && carried(optional.issuer, 'the issuer')(issuer, context),
      events: events && carried(optional.events, 'events')(events, context),
      tls: tls && carried(optional.tls, 'tls')(tls, context),
      telemetry: telemetry && carried(optional.telemetry, 'telemetry')(telemetry, context),
      emf: written.emf,
      aws: context.aws,
    }),
  };
};
