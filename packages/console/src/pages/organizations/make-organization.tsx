import { useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { OneTimeLink } from '../members/one-time-link.tsx';

export function MakeOrganization({ onClose }: { readonly onClose: () => void }) {
  const create = useWrite('createOrganization');
  const [name, setName] = useState('');
  const [adminName, setAdminName] = useState('');
  const [email, setEmail] = useState('');
  const made = create.data;

  if (made) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={`${made.name} is made`}
        description={`${adminName} becomes its first admin with this link, and invites everybody else.`}
        footer={
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <OneTimeLink link={made.invitation} name={adminName} />
      </Dialog>
    );
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Make an organization"
      description="You get a one-time link for its first admin. You see nothing of what they set up in it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="make-organization" busy={create.isPending}>
            Make organization
          </Button>
        </>
      }
    >
      <form
        id="make-organization"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name: name.trim(), admin: { name: adminName.trim(), email: email.trim() } });
        }}
      >
        {create.error && <Problem error={create.error} title="The organization could not be made" />}
        <Field label="Name" hint="Its members read it. You can change it later." required>
          {(control) => (
            <Input {...control} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label="First admin" required>
          {(control) => (
            <Input
              {...control}
              maxLength={100}
              value={adminName}
              onChange={(event) => setAdminName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Their e-mail" hint="Of nobody who is on this hub already." required>
          {(control) => (
            <Input {...control} type="email" value={email} onChange={(event) => setEmail(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
