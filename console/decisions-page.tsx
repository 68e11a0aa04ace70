import { endingOfText, showsDecision } from '../lib/console/filter.ts';
import { type DecisionFilter, endings, type PageView } from '../lib/console/view.ts';
import { DecisionTable } from './decision-table.tsx';
import { counted } from './format.ts';

interface DecisionsPageProps {
  readonly view: Extract<PageView, { readonly page: 'decisions' }>;
  readonly onFilter: (filter: DecisionFilter) => void;
}

/** The latest decisions. */
export const DecisionsPage = ({ view: { decisions, filter }, onFilter }: DecisionsPageProps) => {
  const shown = decisions.filter(showsDecision(filter));
  return (
    <section class="panel">
      <div class="heading">
        <h1>Decisions</h1>
        <search>
          <form action="/console/decisions" method="get" class="filter">
            <label>
              Filter
              <input
                type="search"
                name="text"
                value={filter.text}
                onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
                placeholder="caller, role, grant, reason"
              />
            </label>
            <label>
              Outcome
              <select
                name="ending"
                value={filter.ending}
                onChange={(event) => onFilter({ ...filter, ending: endingOfText(event.currentTarget.value) })}
              >
                <option value="">all</option>
                {endings.map((ending) => (
                  <option key={ending} value={ending} selected={ending === filter.ending}>
                    {ending}
                  </option>
                ))}
              </select>
            </label>
            <noscript>
              <button type="submit">Show</button>
            </noscript>
          </form>
        </search>
        <p class="faint" role="status">
          {counted(shown.length, 'decision')}
        </p>
      </div>
      <DecisionTable caption="Decisions" decisions={shown} />
    </section>
  );
};
