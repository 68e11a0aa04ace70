import type { WrittenConfig } from '../../lib/config/schema.ts';

/** A configuration without what one function does not read of it. */
type Narrow = (written: WrittenConfig) => WrittenConfig;

type Optional = {
  [Name in keyof WrittenConfig]-?: undefined extends WrittenConfig[Name] ? Name : never;
}[keyof WrittenConfig];

const without =
  (...names: readonly Optional[]): Narrow =>
  (written) => {
    const rest = { ...written };
    for (const name of names) delete rest[name];
    return rest;
  };

const noLeases: Narrow = (written) => ({ ...written, leases: {}, notify: [] });

/** The server's own, which no function reads: settings of its port, and of what it serves there. */
const noServer: Narrow = (written) =>
  without('$schema', 'tls', 'telemetry')({ ...written, server: {} as WrittenConfig['server'] });

const noCallers: Narrow = (written) => without('seal', 'proxies')({ ...written, callers: {} });

/** Events are sent by whom their source proves, or by the holder of a token in them. */
const callersWithTokens: Narrow = (written) =>
  without(
    'seal',
    'proxies',
  )({
    ...written,
    callers: Object.fromEntries(
      Object.entries(written.callers).map(([name, { accessKey: _, certificate: __, authorizer: ___, ...rest }]) => [
        name,
        rest,
      ]),
    ),
  });

/** Whoever reads a lease delivers it nowhere, and tells nobody of it. */
const readLeases: Narrow = (written) => ({
  ...written,
  notify: [],
  leases: Object.fromEntries(Object.entries(written.leases).map(([name, lease]) => [name, { ...lease, deliver: [] }])),
});

const all =
  (...narrows: readonly Narrow[]): Narrow =>
  (written) =>
    narrows.reduce((narrow, next) => next(narrow), written);

const jsonApi = all(noServer, noLeases, without('events', 'authority'));

/** What each function reads; a function that reads nothing of a configuration has none. */
const narrows: Readonly<Record<string, Narrow | undefined>> = {
  assumeRole: jsonApi,
  getFederationToken: jsonApi,
  sts: all(noServer, readLeases, without('events')),
  mintOnEvent: all(noServer, noLeases, callersWithTokens, without('authority')),
  refreshLeases: all(noServer, noCallers, without('events', 'authority')),
  health: undefined,
  issuerDocuments: undefined,
};

/** What a function reads of a configuration, so that it carries no part, follows no reference and knows no name besides. */
export const readBy = (functionName: string, written: WrittenConfig): WrittenConfig | undefined => {
  if (!Object.hasOwn(narrows, functionName)) throw new Error(`What ${functionName} reads is not told.`);
  return narrows[functionName]?.(written);
};
