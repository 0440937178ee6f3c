import { useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import type { Organization } from './organizations-page.tsx';

interface RenameOrganizationProps {
  readonly organization: Organization;
  readonly onClose: () => void;
}

export function RenameOrganization({ organization, onClose }: RenameOrganizationProps) {
  // One’s own stands beside every page.
  const update = useWrite('updateOrganization', 'auth');
  const [name, setName] = useState(organization.name);
  const submit = () =>
    update.mutate(
      { id: organization.id, name: name.trim() },
      {
        onSuccess: (renamed) => {
          say(`${organization.name} is called ${renamed.name} now`);
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rename ${organization.name}`}
      description="Its members read the new name from now on. Records keep the id, which stays."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="rename-organization" busy={update.isPending}>
            Rename
          </Button>
        </>
      }
    >
      <form
        id="rename-organization"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {update.error && <Problem error={update.error} title="The organization could not be renamed" />}
        <Field label="Name" required>
          {(control) => (
            <Input {...control} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
