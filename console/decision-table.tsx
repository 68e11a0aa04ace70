import type { DecisionLine } from '../lib/console/view.ts';
import { EndingTag } from './ending-tag.tsx';
import { clockTime, dateTime, latency, tail } from './format.ts';

/** Of why: what it comes down to, and the grant that came closest. The record has all of it. */
const maxSentences = 2;

const Row = ({ decision }: { readonly decision: DecisionLine }) => {
  const { requestId, at, caller, subject, operation, account, target, grant, ending, outcome, milliseconds, why } =
    decision;
  const recordPath = `/console/record?id=${encodeURIComponent(requestId)}`;
  return (
    <tr>
      <td class="when">
        <a href={recordPath} title={`${dateTime(at)}, request ${requestId}`}>
          <time dateTime={at}>{clockTime(at)}</time>
        </a>
      </td>
      <td>
        <EndingTag ending={ending} outcome={outcome} />
      </td>
      <td class="who-asks">
        {caller ?? <span class="faint">nobody proven</span>}
        {subject === undefined || subject === caller ? null : <small title={subject}>{tail(subject, 34)}</small>}
      </td>
      <td class="what">
        <span>
          {operation ?? <span class="faint">unreadable</span>}
          {account === undefined ? null : (
            <>
              {' '}
              <span class="faint">at</span> {account}
            </>
          )}
        </span>
        {target === undefined ? null : <small title={target}>{tail(target, 56)}</small>}
        {why.length === 0 ? null : (
          <ul class="why">
            {why.slice(0, maxSentences).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
            {why.length > maxSentences ? (
              <li>
                <a href={recordPath}>{why.length - maxSentences} more</a>
              </li>
            ) : null}
          </ul>
        )}
      </td>
      <td class="grant">{grant ?? ''}</td>
      <td class="number">{milliseconds === undefined ? '' : latency(milliseconds)}</td>
    </tr>
  );
};

interface DecisionTableProps {
  readonly caption: string;
  readonly decisions: readonly DecisionLine[];
}

/** Decisions, newest first, each with why. */
export const DecisionTable = ({ caption, decisions }: DecisionTableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (axe: scrollable-region-focusable)
  <section class="scrolls" aria-label={caption} tabIndex={0}>
    <table class="decisions">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Outcome</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">Grant</th>
          <th scope="col" class="number">
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {decisions.map((decision) => (
          <Row key={decision.requestId} decision={decision} />
        ))}
      </tbody>
    </table>
    {decisions.length === 0 ? <p class="empty">Nothing yet.</p> : null}
  </section>
);
