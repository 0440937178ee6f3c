import { givenByRoles, permissionTexts } from '@mcpvault/contract/roles';
import { useState } from 'react';
import { type Input as InputOf, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Checkbox, Field, FieldGroup, Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import type { Role } from './roles-page.tsx';

type Permission = InputOf<'createRole'>['permissions'][number];

interface EditRoleProps {
  /** null: a new one. */
  readonly role: Role | null;
  readonly onClose: () => void;
}

export function EditRole({ role, onClose }: EditRoleProps) {
  const may = useMay();
  const create = useWrite('createRole');
  const update = useWrite('updateRole', 'members', 'auth');
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(role?.description ?? '');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(role?.permissions));
  const error = create.error ?? update.error;

  const toggle = (permission: Permission) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(permission)) after.add(permission);
      return after;
    });
  const submit = () => {
    const draft = { name, description, permissions: givenByRoles.filter((permission) => chosen.has(permission)) };
    const after = {
      onSuccess: () => {
        say(`${name} is saved`, { detail: 'It holds from the next request on.' });
        onClose();
      },
    };
    if (role === null) create.mutate(draft, after);
    else update.mutate({ ...draft, id: role.id as `role_${string}` }, after);
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={role === null ? 'Make a role' : role.name}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="edit-role"
            busy={create.isPending || update.isPending}
            disabled={name.trim() === ''}
          >
            Save
          </Button>
        </>
      }
    >
      <form
        id="edit-role"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {error && <Problem error={error} title="The role could not be saved" />}
        <Field label="Name" required>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="What it is for">
          {(control) => (
            <Input {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
          )}
        </Field>
        <FieldGroup legend="Permissions">
          {givenByRoles.map((permission) => (
            <Checkbox
              key={permission}
              label={permissionTexts[permission]}
              hint={<code>{permission}</code>}
              checked={chosen.has(permission)}
              disabled={!may(permission)}
              onChange={() => toggle(permission)}
            />
          ))}
        </FieldGroup>
      </form>
    </Dialog>
  );
}
