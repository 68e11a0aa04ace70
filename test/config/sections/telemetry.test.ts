import { expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const read = (endpoint: string) =>
  readConfig(
    { telemetry: { traces: { endpoint, headers: { authorization: 'env:TOKEN' } } } },
    { folder: '', environment: { TOKEN: 'secret' } },
  );

it.each(['http://127.0.0.2:4318/v1/traces', 'http://[::1]:4318/v1/traces', 'https://collector.example/v1/traces'])(
  'headers of traces may be sent to %s',
  (endpoint) => {
    expect(read(endpoint).telemetry?.traces?.endpoint).toEqual(new URL(endpoint));
  },
);

it.each([
  ['http://[bad', 'telemetry.traces.endpoint: must be a URL'],
  ['http://collector.example', 'telemetry.traces: must have an endpoint that begins with https://'],
])('an endpoint of traces is refused in words: %s', (endpoint, fault) => {
  expect(configFaults(() => read(endpoint))).toEqual([expect.stringContaining(fault)]);
});
