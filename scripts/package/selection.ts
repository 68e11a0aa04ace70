import { type CloudId, catalog } from '../../lib/clouds/catalog.ts';
import { listReferences } from '../../lib/config/references/list.ts';
import { isRemote } from '../../lib/config/references/reference.ts';
import type { WrittenConfig } from '../../lib/config/schema.ts';
import { grammars } from '../../lib/policies/grammars.ts';
import type { Target } from '../bundle.ts';
import type { Selection } from '../lists.ts';

/** What only the platform decides: which forms its events have, and from where a process has its identity. */
const platforms: Readonly<Record<Target, Pick<Selection, 'shapes' | 'identities'>>> = {
  // From an endpoint beside it if it starts from a snapshot, else from its environment.
  aws: { shapes: new Set(['httpApi', 'restApi', 'alb']), identities: new Set(['container']) },
  tencent: { shapes: new Set(['scf']), identities: new Set() },
};

const named = (parts: Readonly<Record<string, boolean>>): ReadonlySet<string> =>
  new Set(Object.keys(parts).filter((name) => parts[name]));

/** The references of a configuration that lead out of the process that reads it. */
export const remoteReferences = (written: WrittenConfig): readonly string[] => [
  ...new Set(listReferences(written).flatMap(({ reference }) => (isRemote(reference) ? [reference] : []))),
];

/**
 * The parts that a function needs for what it reads of a configuration. A part is left out only if nothing of that
 * configuration can make it run.
 */
export const selectionFor = (written: WrittenConfig, target: Target): Selection => {
  const { accounts, authority, audit, events, grants, issuer, leases, notify, proxies, seal, store, telemetry, tls } =
    written;
  const callers = Object.values(written.callers);
  const has = {
    key: callers.some(({ accessKey }) => accessKey !== undefined),
    jwt: callers.some(({ jwt }) => jwt !== undefined),
    certificate: callers.some(({ certificate }) => certificate !== undefined),
    authorizer: callers.some(({ authorizer }) => authorizer !== undefined),
    leases: Object.keys(leases).length + notify.length > 0,
  };
  const signs = has.key || authority !== undefined;
  const isProvenBefore = has.certificate || has.authorizer;
  const isAllowed = (dialect: string): boolean =>
    grants.some(({ dialects }) => dialects === undefined || (dialects as readonly string[]).includes(dialect));
  /** Whether a caller of this configuration can prove itself in a dialect, and is allowed something there. */
  const isSpoken = (dialect: string, takesTokens: boolean): boolean =>
    isAllowed(dialect) && (signs || isProvenBefore || (has.jwt && takesTokens));
  const dialects = new Set(
    Object.values(catalog).flatMap(({ id, upstreamOnly, accepts }) =>
      upstreamOnly !== true && isSpoken(id, Object.hasOwn(accepts, 'AssumeRoleWithWebIdentity')) ? [id] : [],
    ),
  );
  const called = Object.values(accounts).flatMap(({ cloud }) => (cloud === 'authority' ? [] : [cloud]));
  // The authority judges policies in the grammar of each dialect in which it is asked.
  const clouds = new Set<string>(authority === undefined ? called : [...called, ...dialects]);
  const hasPolicies = authority !== undefined || grants.some(({ policy }) => policy !== undefined);
  const remote = remoteReferences(written);
  return {
    ...platforms[target],
    clouds,
    dialects,
    general: named({ json: true, oauth: isSpoken('oauth', true) }),
    secrets: new Set(remote.map((reference) => reference.slice(0, reference.indexOf(':')))),
    sections: named({
      authority: authority !== undefined,
      issuer: issuer !== undefined,
      leases: has.leases,
      events: events !== undefined,
      tls: tls !== undefined,
      telemetry: telemetry !== undefined,
    }),
    proofs: named({
      seal: seal !== undefined,
      accessKey: has.key,
      jwt: has.jwt,
      certificate: has.certificate,
      authorizer: has.authorizer,
      proxies: proxies !== undefined,
    }),
    ways: named({ signature: signs, password: signs && dialects.has('ecs'), jwt: has.jwt, platform: isProvenBefore }),
    schemes: named({ sigv4: signs, tc3: signs }),
    grammars: new Set(
      // A grammar that is not in the list is always carried.
      Object.keys(grammars).filter(
        (name) => hasPolicies && [...clouds].some((id) => catalog[id as CloudId].grammar.name === name),
      ),
    ),
    profiles: new Set(
      Object.values(accounts).flatMap((account) =>
        account.cloud === 'authority' || account.profile === undefined ? [] : [account.profile],
      ),
    ),
    causes: named({ redis: store?.kind === 'redis', sqlite: store?.kind === 'sqlite' || audit.sink.kind === 'file' }),
    diagnosis: new Set(),
    issuers: named({ issuer: issuer !== undefined }),
    metrics: named({ emf: written.emf !== undefined }),
    stores: new Set([store?.kind ?? 'memory']),
    servers: named({ redis: store?.kind === 'redis' }),
    // The rehearsal of a package writes to standard output.
    sinks: new Set(['stdout', audit.sink.kind]),
    deliveries: new Set(Object.values(leases).flatMap(({ deliver }) => deliver.map(({ kind }) => kind))),
    features: named({
      authority: authority !== undefined,
      leases: has.leases,
      documents: issuer !== undefined,
      diagnosis: signs,
    }),
    configurations: new Set(['built']),
  };
};
