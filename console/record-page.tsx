import type { LogView, PageView } from '../lib/console/view.ts';
import { EndingTag } from './ending-tag.tsx';
import { count, dateTime, latency } from './format.ts';

const Log = ({ log }: { readonly log: LogView }) => {
  if (log.kind === 'unknown') return <p>{log.why}</p>;
  return (
    <>
      <p class={log.isWhole ? 'verdict verdict-well' : 'verdict verdict-ill'}>
        {log.isWhole ? '● The log is whole' : '▲ The log is not whole'}
        <span>
          {log.isWhole
            ? log.isProven
              ? 'A signed checkpoint behind the record proves it.'
              : 'No checkpoint stands behind the record yet: the next one proves it.'
            : log.fault}
        </span>
      </p>
      <dl class="facts">
        <div>
          <dt>Position</dt>
          <dd>
            number {count(log.sequence)} of the chain <code>{log.chain}</code>
          </dd>
        </div>
        <div>
          <dt>Verified</dt>
          <dd>{count(log.lines)} lines, just now</dd>
        </div>
      </dl>
    </>
  );
};

/** One decision, whole, and where its record stands. */
export const RecordPage = ({
  view: { decision, log },
}: {
  readonly view: Extract<PageView, { readonly page: 'record' }>;
}) => {
  if (decision === undefined) {
    return (
      <section class="panel">
        <h1>Decision</h1>
        <p>It is no longer among the latest of this process. The audit log has it.</p>
      </section>
    );
  }
  const {
    at,
    caller,
    subject,
    operation,
    account,
    target,
    grant,
    ending,
    outcome,
    milliseconds,
    why,
    requestId,
    facts,
  } = decision;
  const first = [
    ['Caller', caller],
    ['Subject', subject],
    ['Operation', operation],
    ['Account', account],
    ['Target', target],
    ['Grant', grant],
    ['Took', milliseconds === undefined ? undefined : latency(milliseconds)],
  ] as const;
  return (
    <>
      <section class="panel">
        <div class="heading">
          <h1>
            <EndingTag ending={ending} outcome={outcome} /> {operation ?? 'Unreadable request'}
          </h1>
          <p class="faint">
            {dateTime(at)}, request <code>{requestId}</code>
          </p>
        </div>
        {why.length === 0 ? null : (
          <ul class="why why-large">
            {why.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        <dl class="facts">
          {[...first.map(([name, value]) => ({ name, value })), { name: 'Outcome', value: outcome }, ...facts].map(
            ({ name, value }) =>
              value === undefined ? null : (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
      </section>
      {log === undefined ? null : (
        <section class="panel" aria-labelledby="log">
          <h2 id="log">In the audit log</h2>
          <Log log={log} />
        </section>
      )}
      <p>
        <a href="/console/decisions">All decisions</a>
      </p>
    </>
  );
};
