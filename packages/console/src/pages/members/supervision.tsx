import { useState } from 'react';
import { useAll, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Field, Input, Select } from '../../parts/field.tsx';
import { Card, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import type { Member } from './member-status.tsx';

/** Who answers for a member, and until when they have access. */
export function Supervision({ member }: { readonly member: Member }) {
  const people = useAll('listMembers', { kind: 'person' }).data ?? [];
  const update = useWrite('updateMember', 'auth');
  const [supervisor, setSupervisor] = useState<string>(member.supervisor?.id ?? '');
  const [until, setUntil] = useState(member.expiresAt?.slice(0, 10) ?? '');
  return (
    <Section title="Supervision" text="A supervisor may act as the member, for a reason that the member reads.">
      <Card>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            update.mutate(
              {
                id: member.id,
                supervisor: supervisor === '' ? null : (supervisor as Member['id']),
                expiresAt: until === '' ? null : new Date(`${until}T00:00:00Z`).toISOString(),
              },
              { onSuccess: () => say(`${member.name} is saved`) },
            );
          }}
        >
          {update.error && <Problem error={update.error} title="The change could not be saved" />}
          <Field label="Supervisor">
            {(control) => (
              <Select {...control} value={supervisor} onChange={(event) => setSupervisor(event.target.value)}>
                <option value="">nobody</option>
                {people
                  .filter(({ id }) => id !== member.id)
                  .map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
          <Field label="Access until" hint="All of it ends with the beginning of that day, in UTC. Empty: for good.">
            {(control) => (
              <Input {...control} type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
            )}
          </Field>
          <div>
            <Button type="submit" kind="primary" busy={update.isPending}>
              Save
            </Button>
          </div>
        </form>
      </Card>
    </Section>
  );
}
