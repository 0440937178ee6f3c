// Which team and which role a group of the provider gives.
import { Plus, X } from 'lucide-react';
import { useAll } from '../../api/hub.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { FieldGroup, Input, Select } from '../../parts/field.tsx';
import type { Role } from '../roles/roles-page.tsx';
import type { Provider } from './identity-providers-page.tsx';

export type Mapping = Provider['mappings'][number];

interface GroupMappingsProps {
  readonly value: readonly Mapping[];
  readonly roles: readonly Role[];
  readonly onChange: (mappings: readonly Mapping[]) => void;
}

export function GroupMappings({ value, roles, onChange }: GroupMappingsProps) {
  const teams = useAll('listTeams', {}).data ?? [];
  const change = (index: number, changes: Partial<Mapping>) =>
    onChange(value.map((mapping, at) => (at === index ? { ...mapping, ...changes } : mapping)));
  return (
    <FieldGroup legend="Groups">
      {value.map((mapping, index) => (
        // A row has nothing but its place to be known by.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="group-mapping">
          <Input
            aria-label={`Group ${index + 1}`}
            placeholder="Group, as the provider writes it"
            value={mapping.group}
            onChange={(event) => change(index, { group: event.target.value })}
          />
          <Select
            aria-label={`Team of group ${index + 1}`}
            value={mapping.team ?? ''}
            onChange={(event) => change(index, { team: (event.target.value || null) as Mapping['team'] })}
          >
            <option value="">no team</option>
            {teams.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <Select
            aria-label={`Role of group ${index + 1}`}
            value={mapping.role ?? ''}
            onChange={(event) => change(index, { role: (event.target.value || null) as Mapping['role'] })}
          >
            <option value="">no role</option>
            {roles.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <IconButton
            icon={X}
            label={`Remove group ${index + 1}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon={Plus} onClick={() => onChange([...value, { group: '', team: null, role: null }])}>
          Add group
        </Button>
      </div>
      <p className="soft">Teams named here follow the groups at each sign-in; others are left as they are.</p>
    </FieldGroup>
  );
}
