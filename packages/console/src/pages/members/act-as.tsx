import { UserCog } from 'lucide-react';
import { useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { useMay, useMe } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Select, TextArea } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useActAs } from '../../shell/acting.tsx';
import type { Member } from './member-status.tsx';

const times = [15, 30, 60, 240, 480];

/** Offered to whom it is sure to be open; leads of teams, and supervisors of supervisors, use the command line. */
export function ActAs({ member }: { readonly member: Member }) {
  const may = useMay();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const isOpen = may('impersonate:any') || member.supervisor?.id === me?.member.id;
  if (me === undefined || me.actedBy !== null || !isOpen) return null;
  return (
    <>
      <Button icon={UserCog} onClick={() => setOpen(true)}>
        Act as
      </Button>
      {open && <Ask member={member} onClose={() => setOpen(false)} />}
    </>
  );
}

function Ask({ member, onClose }: { readonly member: Member; readonly onClose: () => void }) {
  const start = useWrite('startImpersonation');
  const actAs = useActAs();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState(30);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Act as ${member.name}?`}
      description="They see that you do, why, and until when, and can end it. All that you do is recorded under both names. Their tokens, passwords and secrets stay closed."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="act-as" busy={start.isPending}>
            Act as {member.name}
          </Button>
        </>
      }
    >
      <form
        id="act-as"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate({ subject: member.id, reason, minutes }, { onSuccess: actAs });
        }}
      >
        {start.error && <Problem error={start.error} title="You cannot act as them" />}
        <Field label="Reason" required hint="They read it.">
          {(control) => (
            <TextArea {...control} minLength={5} value={reason} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
        <Field label="For how long">
          {(control) => (
            <Select {...control} value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
              {times.map((each) => (
                <option key={each} value={each}>
                  {each < 60 ? `${each} minutes` : `${each / 60} h`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}
