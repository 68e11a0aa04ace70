import type { Config } from '../config/load.ts';
import type { LogFields } from '../telemetry/log.ts';

/** What a server is about to do, for whoever started it. */
export interface Started {
  readonly version: string;
  readonly configPath: string;
  readonly config: Config;
  readonly url: string;
  readonly metricsUrl?: string;
  /** Whether the keys and the configuration were made up for this machine. */
  readonly development: boolean;
}

const callersOf = ({ keys, jwtRules, platform }: Config): readonly string[] => [
  ...new Set([...keys, ...jwtRules, ...platform.certificates, ...platform.authorizers].map(({ caller }) => caller)),
];

const storeOf = ({ store }: Config): string => {
  switch (store.kind) {
    case 'memory':
      return 'memory: nothing survives this process';
    case 'sqlite':
      return `sqlite, ${store.path}`;
    case 'redis':
      return `redis, ${store.server.host}:${store.server.port}`;
    case 'dynamodb':
      return `dynamodb, ${store.table.table}`;
  }
};

const auditOf = ({ audit: { sink, keys } }: Config): string => {
  const place =
    sink.kind === 'stdout'
      ? 'standard output'
      : sink.kind === 'file'
        ? sink.path
        : `${sink.kind}, ${sink.endpoint.host}`;
  return `${place}, ${keys === undefined ? 'not chained' : 'chained and signed'}`;
};

const named = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

/** The summary, as fields of one line. */
export const startSummary = ({ version, configPath, config, url, metricsUrl, development }: Started): LogFields => ({
  url,
  version,
  node: process.versions.node,
  configuration: configPath,
  accounts: named(
    [...config.accounts.values()].map(({ name, cloud }) => (name === cloud ? name : `${name} (${cloud})`)),
  ),
  callers: named(callersOf(config)),
  grants: config.grants.length,
  leases: config.leases.leases.size,
  store: storeOf(config),
  audit: auditOf(config),
  metrics: metricsUrl,
  mode: development
    ? 'development: keys made up for this machine, and the built-in STS in place of the clouds'
    : undefined,
});

/** The summary for a person at a terminal. */
export const summaryInWords = (started: Started): string => {
  const { url, ...fields } = startSummary(started);
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name.padEnd(14)} ${value}\n`],
  );
  return `credmint serves ${url}\n${lines.join('')}`;
};
