import { upstreams } from '../lib/clouds/catalog.ts';
import { clouds } from '../lib/clouds/dialects.ts';
import type { WrittenConfig } from '../lib/config/schema.ts';
import { presets } from '../lib/config/sections/callers/jwt-presets.ts';
import { validate } from '../lib/config/validate.ts';
import type { ProveDeps } from '../lib/diagnostics/prove/configured.ts';
import { diff } from '../lib/diagnostics/prove/diff.ts';
import { lint } from '../lib/diagnostics/prove/lint.ts';
import { rangesOf } from '../lib/diagnostics/prove/ranges.ts';
import { who } from '../lib/diagnostics/prove/who.ts';
import { atMost, type Cell, plain, type Table } from './table.ts';

const deps: ProveDeps = {
  presets,
  range: rangesOf(upstreams, clouds),
  checkPolicy: () => undefined,
  now: new Date('2026-11-26T12:00:00Z'),
};

const jwt = { preset: 'github-actions', audience: 'https://credmint.example' };
const grant = { account: 'prod', operations: ['AssumeRole'] };

const writtenOf = (parts: object): WrittenConfig => {
  const prod = { cloud: 'aws', endpoint: 'https://sts.example/', key: { id: 'AKIDPROD', secret: 'env:SECRET' } };
  const validation = validate({ accounts: { prod }, ...parts }, clouds);
  if ('faults' in validation) throw new Error(validation.faults.join('\n'));
  return validation.written;
};

/** Grants of one caller, each for another repository, and every tenth with wildcards. */
const grantsOf = (count: number, maxDurationSeconds = 3600): WrittenConfig =>
  writtenOf({
    callers: { ci: { jwt } },
    grants: Array.from({ length: count }, (_, index) => ({
      ...grant,
      name: `grant-${index}`,
      callers: ['ci'],
      roles: [`arn:aws:iam::123456789012:role/${index % 10 === 0 ? 'team-*' : `role-${index}`}`],
      claims: {
        repository: index % 10 === 0 ? 'acme/*' : `acme/service-${index}`,
        ref: 'refs/heads/main',
        event_name: 'push',
      },
      maxDurationSeconds,
    })),
  });

/** Callers of one issuer, each for another repository and with a grant of its own. */
const callersOf = (count: number): WrittenConfig => {
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  return writtenOf({
    callers: Object.fromEntries(
      names.map((name) => [name, { jwt: { ...jwt, claims: { repository: `acme/${name}` } } }]),
    ),
    grants: names.map((name) => ({
      ...grant,
      name,
      callers: [name],
      roles: [`arn:aws:iam::123456789012:role/${name}`],
    })),
  });
};

const processorMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const timed = (name: string, work: () => { readonly length: number }, goalMs?: number): readonly Cell[] => {
  const begun = processorMs();
  const { length } = work();
  const took = plain(processorMs() - begun);
  return [name, goalMs === undefined ? took : atMost(took, goalMs), plain(length)];
};

/** How long proofs over many grants take, once each as a command does. */
export const prove = async (): Promise<readonly Table[]> => {
  const [older, newer] = [grantsOf(500), grantsOf(500, 7200)];
  return [
    {
      title: 'Proofs over 500 grants of one caller, unless it says otherwise',
      columns: ['question', "processor's ms", 'answers'],
      rows: [
        timed('lint: each grant against those before it', () => lint(older, deps), 2_000),
        timed('lint of 2,000 grants', () => lint(grantsOf(2_000), deps)),
        timed('lint of 500 callers of one issuer, a grant each', () => lint(callersOf(500), deps)),
        timed('diff with itself', () => diff(older, older, deps).admitted),
        timed('diff with longer durations', () => diff(older, newer, deps).admitted),
        timed('who', () => who(older, { account: 'prod', except: [] }, deps)),
      ],
    },
  ];
};
