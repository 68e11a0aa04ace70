import { endings, type PageView } from '../lib/console/view.ts';
import { AccountTable } from './account-table.tsx';
import { Chart } from './chart.tsx';
import { DecisionTable } from './decision-table.tsx';
import { none, plus, total } from './ending-counts.ts';
import { count, counted, latency, span } from './format.ts';
import { isAmiss, LeaseTable } from './lease-table.tsx';
import { StateDot } from './state-dot.tsx';

type NowPageView = Extract<PageView, { readonly page: 'now' }>;

/** Leases beside the figures: those that want a look first. */
const maxLeases = 8;

const Figure = ({ name, value, more }: { readonly name: string; readonly value: string; readonly more: string }) => (
  <div class="figure">
    <dt>{name}</dt>
    <dd>
      <span class="figure-value">{value}</span>
      <span class="figure-more">{more}</span>
    </dd>
  </div>
);

interface NowPageProps {
  readonly view: NowPageView;
  /** In milliseconds since 1970. */
  readonly clock: number;
}

/** What is going on. */
export const NowPage = ({ view: { now, leases, decisions }, clock }: NowPageProps) => {
  const { minutes, accounts, store, audit, requests, cache } = now;
  const perMinute = minutes.map((minute) => Object.values(minute.accounts).reduce(plus, none));
  const hour = perMinute.reduce(plus, none);
  const current = perMinute.at(-1) ?? none;
  const spread = minutes.findLast(({ latencyMs }) => latencyMs !== undefined)?.latencyMs;
  const answered = hour.kept + hour.minted;
  const times = minutes.map(({ at }) => Date.parse(at) / 1000);
  const called = accounts.filter(({ circuitIsOpen }) => circuitIsOpen !== undefined);
  const open = accounts.filter(({ circuitIsOpen }) => circuitIsOpen === true);
  const peak = Math.max(0, ...perMinute.map(total));
  const amiss = leases.filter(({ state }) => isAmiss(state)).length;

  return (
    <>
      <h1 class="unseen">Now</h1>
      <dl class="figures">
        <Figure name="This minute" value={count(total(current))} more={`most in a minute: ${count(peak)}`} />
        <Figure
          name="Given, last hour"
          value={count(answered)}
          more={answered === 0 ? 'nothing yet' : `${Math.round((hour.kept * 100) / answered)} % of it kept`}
        />
        <Figure
          name="Refused, last hour"
          value={count(hour.refused)}
          more={hour.failed === 0 ? 'none failed' : `and ${count(hour.failed)} failed`}
        />
        <Figure
          name="Latency, 95 of 100"
          value={spread === undefined ? '–' : latency(spread.p95)}
          more={spread === undefined ? 'nothing to measure yet' : `half within ${latency(spread.p50)}`}
        />
        <Figure
          name="Leases"
          value={count(leases.length)}
          more={amiss === 0 ? 'all well' : `${count(amiss)} failing or missing`}
        />
      </dl>

      <ul class="states" aria-label="State of the parts">
        <StateDot isWell={store.isUp} name="Store">
          {store.kind}, {store.isUp ? 'answers' : 'does not answer'}
        </StateDot>
        <StateDot isWell={audit.takesRecords} name="Audit trail">
          {audit.sink}, {audit.isChained ? 'chained' : 'not chained'},{' '}
          {audit.takesRecords
            ? audit.waiting > 0
              ? `${count(audit.waiting)} waiting`
              : 'takes records'
            : `stalled for ${span(audit.stalledMs)}: nothing is given`}
        </StateDot>
        <StateDot isWell={open.length === 0} name="Circuits">
          {called.length === 0
            ? 'no cloud asked yet'
            : open.length === 0
              ? `all ${called.length} closed`
              : `open: ${open.map(({ name }) => name).join(', ')}`}
        </StateDot>
        <StateDot isWell={requests.turnedAway === 0} name="Requests">
          {count(requests.inFlight)} in flight
          {requests.turnedAway > 0 ? `, ${count(requests.turnedAway)} turned away` : ''}
        </StateDot>
        <StateDot isWell name="Cache">
          {counted(cache.entries, 'entry', 'entries')}, {count(cache.hits)} hits, {count(cache.misses)} misses
        </StateDot>
      </ul>

      <div class="charts">
        <section class="panel" aria-labelledby="mints">
          <h2 id="mints">Requests a minute</h2>
          <Chart
            kind="bars"
            summary={`Requests a minute in the last hour: ${count(hour.kept)} kept, ${count(hour.minted)} minted, ${count(hour.refused)} refused, ${count(hour.failed)} failed; at most ${count(peak)} in a minute. The table of accounts has the figures.`}
            times={times}
            series={endings.map((ending) => ({
              label: ending,
              colour: `--${ending}`,
              values: perMinute.map((counts) => counts[ending]),
            }))}
            format={(value) => (Number.isInteger(value) ? count(value) : '')}
          />
        </section>
        <section class="panel" aria-labelledby="latency">
          <h2 id="latency">Latency</h2>
          <Chart
            kind="lines"
            summary={
              spread === undefined
                ? 'No answers in the last hour.'
                : `In the last minute with answers half took at most ${latency(spread.p50)}, 95 of 100 ${latency(spread.p95)}, 99 of 100 ${latency(spread.p99)}.`
            }
            times={times}
            series={(['p50', 'p95', 'p99'] as const).map((name) => ({
              label: name,
              colour: `--${name}`,
              values: minutes.map(({ latencyMs }) => latencyMs?.[name] ?? null),
            }))}
            format={latency}
          />
        </section>
      </div>

      <AccountTable now={now} />

      <section class="panel" aria-labelledby="latest">
        <h2 id="latest">
          Latest decisions <a href="/console/decisions">all</a>
        </h2>
        <DecisionTable caption="Latest decisions" decisions={decisions} />
      </section>

      {leases.length === 0 ? null : (
        <section class="panel" aria-labelledby="leases">
          <h2 id="leases">
            Leases {leases.length > maxLeases ? <a href="/console/leases">all {count(leases.length)}</a> : null}
          </h2>
          <LeaseTable caption="Leases that end first" leases={leases.slice(0, maxLeases)} now={clock} />
        </section>
      )}
    </>
  );
};
