import { useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RoleField } from '../roles/role-field.tsx';
import type { Member } from './member-status.tsx';
import { OneTimeLink } from './one-time-link.tsx';

export function InviteMember({ onClose }: { readonly onClose: () => void }) {
  const create = useWrite('createMember');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Member['role']>('member');
  const made = create.data;

  if (made) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={`${made.name} is invited`}
        footer={
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        {made.invitation ? <OneTimeLink link={made.invitation} name={made.name} /> : <p>They can sign in now.</p>}
      </Dialog>
    );
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Invite a member"
      description="You get a one-time link to hand over; with it they choose their password."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="invite" busy={create.isPending}>
            Invite
          </Button>
        </>
      }
    >
      <form
        id="invite"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name, email: email.trim(), role });
        }}
      >
        {create.error && <Problem error={create.error} title="The member could not be invited" />}
        <Field label="Name" required>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="E-mail" required>
          {(control) => (
            <Input {...control} type="email" value={email} onChange={(event) => setEmail(event.target.value)} />
          )}
        </Field>
        <RoleField value={role} onChange={setRole} />
      </form>
    </Dialog>
  );
}
