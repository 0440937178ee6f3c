import { useState } from 'react';
import { useAll, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Checkbox, Field, Input, Select } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import { RoleField } from '../roles/role-field.tsx';
import type { Role } from '../roles/roles-page.tsx';

export function AddAccount({ onClose }: { readonly onClose: () => void }) {
  const create = useWrite('createServiceAccount', 'members');
  const people = useAll('listMembers', { kind: 'person' }).data ?? [];
  const teams = useAll('listTeams', {}).data ?? [];
  const [name, setName] = useState('');
  const [owner, setOwner] = useState('');
  const [endsWithOwner, setEndsWithOwner] = useState(true);
  const [role, setRole] = useState<Role['id']>('member');
  const isTeam = owner.startsWith('team_');
  const submit = () =>
    create.mutate(
      {
        name,
        role,
        endsWithOwner,
        owner: isTeam
          ? { type: 'team', id: owner as `team_${string}` }
          : { type: 'member', id: owner as `mem_${string}` },
      },
      {
        onSuccess: () => {
          say(`${name} is added`, { detail: 'It can do nothing until it has a key.' });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a service account"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="account" busy={create.isPending} disabled={owner === ''}>
            Add service account
          </Button>
        </>
      }
    >
      <form
        id="account"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {create.error && <Problem error={create.error} title="The service account could not be added" />}
        <Field label="Name" required hint="What it is for.">
          {(control) => (
            <Input
              {...control}
              placeholder="Nightly build"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Owner" required hint="Who answers for it, and makes and ends its keys.">
          {(control) => (
            <Select {...control} value={owner} onChange={(event) => setOwner(event.target.value)}>
              <option value="">Choose…</option>
              <optgroup label="Teams">
                {teams.map((team) => (
                  <option key={team.id} value={team.id}>
                    {team.name}
                  </option>
                ))}
              </optgroup>
              <optgroup label="Members">
                {people.map((member) => (
                  <option key={member.id} value={member.id}>
                    {member.name}
                  </option>
                ))}
              </optgroup>
            </Select>
          )}
        </Field>
        {owner !== '' && !isTeam && (
          <Checkbox
            label="Ends with its owner"
            hint="It stops working when they are disabled, expire or are removed."
            checked={endsWithOwner}
            onChange={(event) => setEndsWithOwner(event.target.checked)}
          />
        )}
        <RoleField value={role} onChange={setRole} />
      </form>
    </Dialog>
  );
}
