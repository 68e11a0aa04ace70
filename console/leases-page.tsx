import { showsLease } from '../lib/console/filter.ts';
import type { PageView } from '../lib/console/view.ts';
import { FilterForm } from './filter-form.tsx';
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
        <FilterForm
          action="/console/leases"
          filter={filter}
          placeholder="name, account, role, state"
          onFilter={onFilter}
        />
        <p class="faint" role="status">
          {counted(shown.length, 'lease')}
        </p>
      </div>
      <LeaseTable caption="Leases" leases={shown} now={clock} />
    </section>
  );
};
