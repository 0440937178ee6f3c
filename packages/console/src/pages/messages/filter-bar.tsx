import { ListFilter, X } from 'lucide-react';
import { useAll } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { Field, Input, Select } from '../../parts/field.tsx';
import { useNow } from '../../parts/now.tsx';
import { Picker } from '../../parts/picker.tsx';
import { Popover } from '../../parts/popover.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { filterCount, type MessageSearch } from './message-search.ts';
import { outcomeLooks } from './outcome.tsx';
import './filter-bar.css';

interface FilterBarProps {
  readonly search: MessageSearch;
  readonly onChange: (search: MessageSearch) => void;
}

export function FilterBar({ search, onChange }: FilterBarProps) {
  const set = (part: Partial<MessageSearch>) => onChange({ ...search, ...part });
  const toggle = (part: MessageSearch) => {
    const on = Object.entries(part).every(([name, value]) => search[name as keyof MessageSearch] === value);
    set(on ? Object.fromEntries(Object.keys(part).map((name) => [name, undefined])) : part);
  };
  const quick: readonly (readonly [string, MessageSearch])[] = [
    ['Redacted', { redacted: 'yes' }],
    ['Refused', { outcome: 'refused' }],
    ['Failed', { outcome: 'trouble' }],
    ['Tool calls', { method: 'tools/call' }],
  ];
  return (
    <div className="filters" role="search" aria-label="Messages">
      <SearchField
        label="Search tools, methods, servers and e-mail addresses"
        value={search.q ?? ''}
        onChange={(q) => set({ q: q || undefined })}
      />
      <Popover
        title="Filters"
        trigger={
          <Button size="small" icon={ListFilter}>
            Filter
          </Button>
        }
      >
        <FilterForm search={search} set={set} />
      </Popover>
      <div className="filter-quick">
        {quick.map(([label, part]) => (
          <Button
            key={label}
            size="small"
            kind="quiet"
            aria-pressed={Object.entries(part).every(([name, value]) => search[name as keyof MessageSearch] === value)}
            onClick={() => toggle(part)}
          >
            {label}
          </Button>
        ))}
      </div>
      <Chips search={search} set={set} />
      {filterCount(search) > 0 && (
        <Button size="small" kind="quiet" icon={X} onClick={() => onChange({ open: search.open })}>
          Clear
        </Button>
      )}
    </div>
  );
}

type Set = (part: Partial<MessageSearch>) => void;

/** Filters that the quick buttons do not show, each with a way to take it off. */
function Chips({ search, set }: { readonly search: MessageSearch; readonly set: Set }) {
  const may = useMay();
  const members = useAll('listMembers', {}, { enabled: search.member !== undefined && may('members:read') }).data;
  const chips: readonly (readonly [keyof MessageSearch, string, string] | null)[] = [
    search.server === undefined ? null : ['server', 'server', search.server],
    search.tool === undefined ? null : ['tool', 'tool', search.tool],
    search.member === undefined
      ? null
      : ['member', 'member', members?.find((member) => member.id === search.member)?.name ?? search.member],
    search.method === undefined || search.method === 'tools/call' ? null : ['method', 'method', search.method],
    search.outcome === undefined || search.outcome === 'refused' || search.outcome === 'trouble'
      ? null
      : ['outcome', 'outcome', outcomeLooks[search.outcome].label],
    search.redacted !== 'no' ? null : ['redacted', 'not', 'redacted'],
    search.from === undefined ? null : ['from', 'since', shortTime(search.from)],
    search.to === undefined ? null : ['to', 'until', shortTime(search.to)],
  ];
  return chips.map(
    (chip) =>
      chip && (
        <span key={chip[0]} className="filter-chip">
          <span className="faint">{chip[1]}</span> {chip[2]}
          <button
            type="button"
            aria-label={`Remove the filter ${chip[1]} ${chip[2]}`}
            onClick={() => set({ [chip[0]]: undefined })}
          >
            <X size={13} aria-hidden="true" />
          </button>
        </span>
      ),
  );
}

function shortTime(at: string): string {
  return new Date(at).toLocaleString('en', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
}

const spans: readonly (readonly [string, number])[] = [
  ['Last 15 minutes', 15],
  ['Last hour', 60],
  ['Last 24 hours', 1440],
  ['Last 7 days', 10_080],
];

const methods = [
  'tools/call',
  'tools/list',
  'prompts/get',
  'prompts/list',
  'resources/read',
  'resources/list',
  'initialize',
];

function FilterForm({ search, set }: { readonly search: MessageSearch; readonly set: Set }) {
  const may = useMay();
  const now = useNow();
  const servers = useAll('listServers', {}).data ?? [];
  const members = useAll('listMembers', {}, { enabled: may('members:read') }).data ?? [];
  return (
    <>
      <Field label="Server">
        {(control) => (
          <Picker
            {...control}
            placeholder="Any server"
            choices={servers.map(({ name }) => ({ value: name, label: name }))}
            value={search.server ?? null}
            onChange={(server) => set({ server: server ?? undefined })}
          />
        )}
      </Field>
      <Field label="Tool">
        {(control) => (
          <Input
            {...control}
            mono
            placeholder="Any tool, by its exact name"
            defaultValue={search.tool ?? ''}
            onBlur={(event) => set({ tool: event.target.value.trim() || undefined })}
            onKeyDown={(event) => {
              if (event.key === 'Enter') set({ tool: event.currentTarget.value.trim() || undefined });
            }}
          />
        )}
      </Field>
      {may('members:read') && (
        <Field label="Member">
          {(control) => (
            <Picker
              {...control}
              placeholder="Any member"
              choices={members.map(({ id, name, email }) => ({ value: id, label: name, detail: email }))}
              value={search.member ?? null}
              onChange={(member) => set({ member: member ?? undefined })}
            />
          )}
        </Field>
      )}
      <div className="filter-pair">
        <Field label="Method">
          {(control) => (
            <Select
              {...control}
              value={search.method ?? ''}
              onChange={(event) => set({ method: event.target.value || undefined })}
            >
              <option value="">Any method</option>
              {[...new Set([...methods, ...(search.method ? [search.method] : [])])].map((method) => (
                <option key={method}>{method}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Outcome">
          {(control) => (
            <Select
              {...control}
              value={search.outcome ?? ''}
              onChange={(event) => set({ outcome: (event.target.value || undefined) as MessageSearch['outcome'] })}
            >
              <option value="">Any outcome</option>
              <option value="trouble">Failed in any way</option>
              {Object.entries(outcomeLooks).map(([outcome, { label }]) => (
                <option key={outcome} value={outcome}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Redactions">
          {(control) => (
            <Select
              {...control}
              value={search.redacted ?? ''}
              onChange={(event) => set({ redacted: (event.target.value || undefined) as MessageSearch['redacted'] })}
            >
              <option value="">With or without</option>
              <option value="yes">With redactions</option>
              <option value="no">Without redactions</option>
            </Select>
          )}
        </Field>
        <Field label="Time">
          {(control) => (
            <Select
              {...control}
              value={search.from === undefined && search.to === undefined ? '' : 'set'}
              onChange={(event) => {
                const minutes = Number(event.target.value);
                set({ from: minutes > 0 ? new Date(now - minutes * 60_000).toISOString() : undefined, to: undefined });
              }}
            >
              <option value="">Any time</option>
              {(search.from !== undefined || search.to !== undefined) && <option value="set">As chosen</option>}
              {spans.map(([label, minutes]) => (
                <option key={minutes} value={minutes}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </>
  );
}
