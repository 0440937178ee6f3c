import { useState } from 'react';
import { type Input as InputOf, useAll, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input, Select } from '../../parts/field.tsx';
import { Picker } from '../../parts/picker.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';

type Draft = InputOf<'createLimit'>;

const whose: readonly (readonly [Draft['subject']['type'], string])[] = [
  ['member', 'Each member by themselves'],
  ['organization', 'Everybody together'],
  ['team', 'Each team'],
  ['token', 'Each token'],
];
const periods: readonly Draft['per'][] = ['second', 'minute', 'hour', 'day', 'month'];

export function AddLimit({ onClose }: { readonly onClose: () => void }) {
  const servers = useAll('listServers', {}).data ?? [];
  const create = useWrite('createLimit');
  const [name, setName] = useState('');
  const [type, setType] = useState<Draft['subject']['type']>('member');
  const [calls, setCalls] = useState('60');
  const [per, setPer] = useState<Draft['per']>('minute');
  const [burst, setBurst] = useState('');
  const [server, setServer] = useState<string | null>(null);
  const isQuota = per === 'day' || per === 'month';
  const complete = name.trim() !== '' && isCount(calls) && (burst === '' || isQuota || isCount(burst));

  const submit = () => {
    if (!complete) return;
    const draft: Draft = {
      name: name.trim(),
      subject: { type },
      server,
      calls: Number(calls),
      per,
      burst: isQuota || burst === '' ? null : Number(burst),
    };
    create.mutate(draft, {
      onSuccess: (limit) => {
        say(`${limit.name} holds`, { detail: 'From the next call on.' });
        onClose();
      },
    });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a limit"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="add-limit" busy={create.isPending} disabled={!complete}>
            Add limit
          </Button>
        </>
      }
    >
      <form
        id="add-limit"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {create.error && <Problem error={create.error} title="The limit could not be added" />}
        <Field label="Name" hint="Told to whoever runs into it." required>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="Whose calls">
          {(control) => (
            <Select
              {...control}
              value={type}
              onChange={(event) => setType(whose.find(([each]) => each === event.target.value)?.[0] ?? 'member')}
            >
              {whose.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Calls" required>
          {(control) => (
            <Input {...control} inputMode="numeric" value={calls} onChange={(event) => setCalls(event.target.value)} />
          )}
        </Field>
        <Field label="In each">
          {(control) => (
            <Select
              {...control}
              value={per}
              onChange={(event) => setPer(periods.find((each) => each === event.target.value) ?? 'minute')}
            >
              {periods.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {!isQuota && (
          <Field label="At once" hint="Left out: as many as in the whole period.">
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={burst}
                onChange={(event) => setBurst(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label="Server" hint="Left out: calls of every server.">
          {({ id }) => (
            <Picker
              id={id}
              placeholder="Every server"
              choices={servers.map((each) => ({ value: each.id, label: each.name }))}
              value={server}
              onChange={setServer}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function isCount(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text.trim());
}
