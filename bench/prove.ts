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

/** Grants of one caller, each for another repository, and every tenth with wildcards. */
const configOf = (grants: number, maxDurationSeconds: number): WrittenConfig => {
  const validation = validate(
    {
      accounts: {
        prod: { cloud: 'aws', endpoint: 'https://sts.example/', key: { id: 'AKIDPROD', secret: 'env:SECRET' } },
      },
      callers: { ci: { jwt: { preset: 'github-actions', audience: 'https://credmint.example' } } },
      grants: Array.from({ length: grants }, (_, index) => ({
        name: `grant-${index}`,
        callers: ['ci'],
        account: 'prod',
        operations: ['AssumeRole'],
        roles: [`arn:aws:iam::123456789012:role/${index % 10 === 0 ? 'team-*' : `role-${index}`}`],
        claims: {
          repository: index % 10 === 0 ? 'acme/*' : `acme/service-${index}`,
          ref: 'refs/heads/main',
          event_name: 'push',
        },
        maxDurationSeconds,
      })),
    },
    clouds,
  );
  if ('faults' in validation) throw new Error(validation.faults.join('\n'));
  return validation.written;
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
  const [older, newer] = [configOf(500, 3600), configOf(500, 7200)];
  return [
    {
      title: 'Proofs over 500 grants of one caller',
      columns: ['question', "processor's ms", 'answers'],
      rows: [
        timed('lint: each grant against those before it', () => lint(older, deps), 2_000),
        timed('diff with itself', () => diff(older, older, deps).admitted),
        timed('diff with longer durations', () => diff(older, newer, deps).admitted),
        timed('who', () => who(older, { account: 'prod', except: [] }, deps)),
      ],
    },
  ];
};
