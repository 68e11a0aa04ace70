import type { Config } from '../config/load.ts';
import type { LogFields } from '../telemetry/log.ts';
import { auditInWords, storeInWords } from './in-words.ts';

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
  store: storeInWords(config.store),
  audit: auditInWords(config.audit),
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
