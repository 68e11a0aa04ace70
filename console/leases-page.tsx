import { showsLease } from '../lib/console/filter.ts';
import type { PageView } from '../lib/console/view.ts';
import { counted } from './format.ts';
import { LeaseTable } from './lease-table.tsx';

interface LeasesPageProps {
  readonly view: Extract<PageView, { readonly page: 'leases' }>;
  readonly clock: number;
  readonly onFilter: (filter: string) => void;
}

/** Every lease. */
export const LeasesPage = ({ view: { leases, filter }, clock, onFilter }: LeasesPageProps) => {
  const shown = leases.filter(showsLease(filter));
  return (
    <section class="panel">
      <div class="heading">
        <h1>Leases</h1>
        <search>
          <form action="/console/leases" method="get" class="filter">
            <label>
              Filter
              <input
                type="search"
                name="filter"
                value={filter}
                onInput={(event) => onFilter(event.currentTarget.value)}
                placeholder="name, account, role, state"
              />
            </label>
          </form>
        </search>
        <p class="faint" role="status">
          {counted(shown.length, 'lease')}
        </p>
      </div>
      <LeaseTable caption="Leases" leases={shown} now={clock} />
    </section>
  );
};
