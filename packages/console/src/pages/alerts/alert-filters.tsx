import { X } from 'lucide-react';
import { Button } from '../../parts/button.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { alertFilterCount, type AlertSearch } from './alert-search.ts';

interface AlertFiltersProps {
  readonly search: AlertSearch;
  readonly onChange: (search: AlertSearch) => void;
}

const quick: readonly (readonly [string, AlertSearch])[] = [
  ['Nobody’s', { owner: 'none' }],
  ['Mine', { owner: 'me' }],
  ['High and up', { severity: 'high' }],
  ['System', { kind: 'operational' }],
  ['Finished', { state: 'finished' }],
];

/** What the quick buttons do not show. */
const named = { policy: 'one policy', server: 'one server', member: 'one member' } as const;

export function AlertFilters({ search, onChange }: AlertFiltersProps) {
  const isOn = (part: AlertSearch) =>
    Object.entries(part).every(([name, value]) => search[name as keyof AlertSearch] === value);
  const toggle = (part: AlertSearch) => {
    const off = Object.fromEntries(Object.keys(part).map((name) => [name, undefined]));
    onChange({ ...search, ...(isOn(part) ? off : part) });
  };
  return (
    <div className="filters" role="search" aria-label="Alerts">
      <SearchField
        label="Search titles, tools, policies, servers and e-mail addresses"
        value={search.q ?? ''}
        onChange={(q) => onChange({ ...search, q: q || undefined } as AlertSearch)}
      />
      <div className="filter-quick">
        {quick.map(([label, part]) => (
          <Button key={label} size="small" kind="quiet" aria-pressed={isOn(part)} onClick={() => toggle(part)}>
            {label}
          </Button>
        ))}
      </div>
      {(Object.keys(named) as (keyof typeof named)[]).map(
        (name) =>
          search[name] !== undefined && (
            <span key={name} className="filter-chip">
              {named[name]}
              <button
                type="button"
                aria-label={`Remove the filter ${named[name]}`}
                onClick={() => onChange({ ...search, [name]: undefined })}
              >
                <X size={13} aria-hidden="true" />
              </button>
            </span>
          ),
      )}
      {alertFilterCount(search) > 0 && (
        <Button size="small" kind="quiet" icon={X} onClick={() => onChange({})}>
          Clear
        </Button>
      )}
    </div>
  );
}
