import { useRead } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { FieldGroup, Radio } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import type { Role } from './roles-page.tsx';

interface RoleFieldProps {
  readonly value: Role['id'];
  readonly onChange: (role: Role['id']) => void;
}

/** The roles there are; those that give more than one has oneself cannot be chosen. */
export function RoleField({ value, onChange }: RoleFieldProps) {
  const may = useMay();
  const roles = useRead('listRoles', {});
  if (roles.error) return <Problem error={roles.error} />;
  return (
    <FieldGroup legend="Role">
      {roles.data?.items.map(({ id, name, description, permissions }) => (
        <Radio
          key={id}
          name="role"
          label={name}
          hint={description === '' ? undefined : description}
          checked={value === id}
          disabled={!permissions.every(may)}
          onChange={() => onChange(id)}
        />
      ))}
    </FieldGroup>
  );
}
