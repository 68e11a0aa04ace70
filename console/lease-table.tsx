import type { LeaseView } from '../lib/console/view.ts';
import { Bar } from './bar.tsx';
import { counted, dateTime, span, tail } from './format.ts';

/** Whether a lease needs somebody to look after it. */
export const isAmiss = (state: LeaseView['state']): boolean => state === 'failing' || state === 'missing';

const toneOf = (state: LeaseView['state'], share: number) => (isAmiss(state) ? 'bad' : share < 0.15 ? 'warn' : 'good');

const TimeLeft = ({
  lease: { mintedAt, expiresAt, state },
  now,
}: {
  readonly lease: LeaseView;
  readonly now: number;
}) => {
  if (mintedAt === undefined || expiresAt === undefined) return <span class="faint">none held</span>;
  const left = Date.parse(expiresAt) - now;
  const share = left / (Date.parse(expiresAt) - Date.parse(mintedAt));
  return (
    <span class="time-left" title={`until ${dateTime(expiresAt)}`}>
      <Bar share={share} tone={toneOf(state, share)} />
      <span class="number">{left > 0 ? span(left) : 'over'}</span>
    </span>
  );
};

const refreshIn = ({ refreshAt }: LeaseView, now: number): string => {
  if (refreshAt === undefined) return '';
  const wait = Date.parse(refreshAt) - now;
  return wait > 0 ? span(wait) : 'due';
};

const failuresOf = ({ failures, deliveryFailures }: LeaseView): string =>
  [
    failures > 0 ? counted(failures, 'refresh', 'refreshes') : '',
    deliveryFailures > 0 ? counted(deliveryFailures, 'delivery', 'deliveries') : '',
  ]
    .filter((text) => text !== '')
    .join(', ');

interface LeaseTableProps {
  readonly caption: string;
  readonly leases: readonly LeaseView[];
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** Leases, with the time left of each as a bar. */
export const LeaseTable = ({ caption, leases, now }: LeaseTableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (axe: scrollable-region-focusable)
  <section class="scrolls" aria-label={caption} tabIndex={0}>
    <table class="leases">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Lease</th>
          <th scope="col">State</th>
          <th scope="col">Time left</th>
          <th scope="col" class="number">
            Next refresh
          </th>
          <th scope="col">Of</th>
          <th scope="col">Failed in a row</th>
        </tr>
      </thead>
      <tbody>
        {leases.map((lease) => (
          <tr key={lease.name}>
            <th scope="row">{lease.name}</th>
            <td>
              <span class={`tag tag-${lease.state}`}>{lease.state}</span>
            </td>
            <td>
              <TimeLeft lease={lease} now={now} />
            </td>
            <td class="number">{refreshIn(lease, now)}</td>
            <td>
              {lease.account}
              <small title={lease.subject}>{tail(lease.subject, 48)}</small>
            </td>
            <td>{failuresOf(lease)}</td>
          </tr>
        ))}
      </tbody>
    </table>
    {leases.length === 0 ? <p class="empty">No lease.</p> : null}
  </section>
);
