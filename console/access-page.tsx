import { useMemo, useState } from 'preact/hooks';
import type { PageView, WhatIf } from '../lib/console/view.ts';
import { FilterForm } from './filter-form.tsx';
import { counted } from './format.ts';
import { Graph } from './graph.tsx';
import { matchingGrants } from './graph-layout.ts';
import { WhatIfForm } from './what-if-form.tsx';

interface AccessPageProps {
  readonly view: Extract<PageView, { readonly page: 'access' }>;
  readonly onFilter: (filter: string) => void;
  readonly onAsk: (asked: WhatIf) => Promise<void>;
}

/** Who can get what: the graph, the same in words, and what would happen if. */
export const AccessPage = ({ view: { access, filter, whatIf }, onFilter, onAsk }: AccessPageProps) => {
  const [selected, select] = useState<string>();
  const grants = useMemo(() => matchingGrants(access, filter), [access, filter]);
  const named = new Set(grants.flatMap(({ callers }) => callers));
  const callers = filter === '' ? access.callers : access.callers.filter(({ name }) => named.has(name));
  return (
    <>
      <section class="panel" aria-labelledby="graph">
        <div class="heading">
          <h1 id="graph">Who can get what</h1>
          <FilterForm
            action="/console/access"
            filter={filter}
            placeholder="caller, grant, account, role, claim"
            onFilter={(text) => {
              select(undefined);
              onFilter(text);
            }}
          />
          <p class="faint" role="status">
            {counted(grants.length, 'grant')}
          </p>
        </div>
        {grants.length === 0 ? (
          <p class="empty">No grant has that.</p>
        ) : (
          <Graph grants={grants} selected={selected} onSelect={select} />
        )}
      </section>

      <section class="panel" aria-labelledby="what-if">
        <h2 id="what-if">What would happen if</h2>
        <WhatIfForm access={access} result={whatIf} onAsk={onAsk} />
      </section>

      <section class="panel" aria-labelledby="grants">
        <h2 id="grants">Grants, in words</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (axe: scrollable-region-focusable) */}
        <section class="scrolls" aria-label="Grants" tabIndex={0}>
          <table class="grants">
            <caption class="unseen">Grants</caption>
            <thead>
              <tr>
                <th scope="col">Grant</th>
                <th scope="col">Who may have what</th>
              </tr>
            </thead>
            <tbody>
              {grants.map(({ name, sentence, isAuditOnly }) => (
                <tr key={name}>
                  <th scope="row">
                    {name}
                    {isAuditOnly ? <span class="tag tag-refused">audit</span> : null}
                  </th>
                  <td>{sentence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </section>

      <section class="panel" aria-labelledby="callers">
        <h2 id="callers">Callers, in words</h2>
        <ul class="sentences">
          {callers.map(({ name, proof }) => (
            <li key={name}>{proof}</li>
          ))}
        </ul>
      </section>
    </>
  );
};
