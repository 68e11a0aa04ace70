import { parseArgs } from 'node:util';
import type { LeaseReport } from '../../lib/client/leases.ts';
import { attemptSignal, openServerClient } from '../client/open-client.ts';
import { reportingErrors, serverOptions, serverOptionsUsage } from '../client/options.ts';
import type { Command } from './command.ts';
import { tableText } from './table-text.ts';

/** A span of time in its largest whole unit. */
const spanText = (milliseconds: number): string => {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
};

const untilText = (instant: Date | undefined, at: Date): string => {
  if (instant === undefined) return '-';
  const remainingMs = instant.getTime() - at.getTime();
  return remainingMs < 0 ? `${spanText(remainingMs)} ago` : `in ${spanText(remainingMs)}`;
};

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const troubleText = ({ failures, deliveryFailures, pendingDeliveries, code }: LeaseReport): string =>
  [
    ...(failures > 0 ? [`${counted(failures, 'refresh', 'refreshes')} failed in a row`] : []),
    ...(deliveryFailures > 0 ? [`${counted(deliveryFailures, 'round')} of deliveries failed`] : []),
    ...(pendingDeliveries > 0 ? [`${counted(pendingDeliveries, 'delivery', 'deliveries')} pending`] : []),
    ...(code === undefined ? [] : [`last: ${code}`]),
  ].join(', ');

const rowOf = (lease: LeaseReport, at: Date): readonly string[] => [
  lease.name,
  lease.account,
  lease.state,
  untilText(lease.expiration, at),
  lease.nextRefresh === undefined || lease.nextRefresh > at ? untilText(lease.nextRefresh, at) : 'now',
  troubleText(lease),
];

export const leases: Command = {
  summary: 'list the leases of a server and how each is doing',
  usage: `credmint leases [--json] [OPTIONS]

Lists the leases that a grant with ListLeases lets you see. A lease is fresh, due (to be refreshed now), failing (its
credentials are valid, and refreshing or delivering them fails) or missing (it has no valid credentials).

  --json                print them as JSON
${serverOptionsUsage}`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...serverOptions, json: { type: 'boolean', default: false } },
    });
    return reportingErrors(io, async () => {
      const { leases: all, at } = await openServerClient(values, io).leases(attemptSignal());
      if (values.json) io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
      else if (all.length === 0) io.stdout.write('There is no lease that you may see.\n');
      else {
        const head = ['NAME', 'ACCOUNT', 'STATE', 'EXPIRES', 'NEXT REFRESH', 'TROUBLE'];
        io.stdout.write(tableText([head, ...all.map((lease) => rowOf(lease, at))]));
      }
      return 0;
    });
  },
};
