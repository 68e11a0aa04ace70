interface FilterFormProps {
  readonly action: string;
  readonly filter: string;
  readonly placeholder: string;
  readonly onFilter: (filter: string) => void;
}

/** Filters what a page lists as one types; without scripts it is sent as a query. */
export const FilterForm = ({ action, filter, placeholder, onFilter }: FilterFormProps) => (
  <search>
    <form action={action} method="get" class="filter">
      <label>
        Filter
        <input
          type="search"
          name="filter"
          value={filter}
          onInput={(event) => onFilter(event.currentTarget.value)}
          placeholder={placeholder}
        />
      </label>
    </form>
  </search>
);
