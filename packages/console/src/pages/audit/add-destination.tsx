import { useState } from 'react';
import { type Input as InputOf, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Checkbox, Field, Input, Select, TextArea } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { say } from '../../parts/toast.tsx';

type Draft = InputOf<'createDestination'>;
type Kind = Draft['transport']['type'];

const kinds = [
  { value: 'webhook', label: 'Web address' },
  { value: 'syslog', label: 'Syslog' },
  { value: 'file', label: 'Files' },
] as const;

export function AddDestination({ onClose }: { readonly onClose: () => void }) {
  const create = useWrite('createDestination');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('webhook');
  const [url, setUrl] = useState('');
  const [host, setHost] = useState('');
  const [port, setPort] = useState('6514');
  const [tls, setTls] = useState(true);
  const [ca, setCa] = useState('');
  const [format, setFormat] = useState<Draft['format']>('jsonl');
  const [actions, setActions] = useState('');
  const [calls, setCalls] = useState<'all' | 'refused' | 'none'>('all');
  const [fromBeginning, setFromBeginning] = useState(false);
  const secret = create.data?.secret ?? null;
  if (secret !== null) return <Secret secret={secret} onClose={onClose} />;

  const transport = (): Draft['transport'] => {
    if (kind === 'webhook') return { type: 'webhook', url };
    if (kind === 'file') return { type: 'file' };
    return { type: 'syslog', host, port: Number(port), tls, ca: ca.trim() === '' ? null : ca };
  };
  const submit = () =>
    create.mutate(
      {
        ...{ name, transport: transport(), format },
        filter: { actions: actions.split(/[\s,]+/).filter((each) => each !== ''), outcome: 'all', calls },
        from: fromBeginning ? 'beginning' : 'now',
      },
      {
        onSuccess: ({ secret: made }) => {
          say(`${name} is told from now on`);
          if (made === null) onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a destination"
      description="What happens is sent there in order and at least once, also after a restart of either side."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="add-destination"
            busy={create.isPending}
            disabled={name.trim() === ''}
          >
            Add
          </Button>
        </>
      }
    >
      <form
        id="add-destination"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {create.error && <Problem error={create.error} title="The destination could not be added" />}
        <Field label="Name" required>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Segments label="Kind" value={kind} options={kinds} onChange={setKind} />
        {kind === 'webhook' && (
          <Field label="Address" required hint="Deliveries are signed as Standard Webhooks have it.">
            {(control) => (
              <Input {...control} mono type="url" value={url} onChange={(event) => setUrl(event.target.value)} />
            )}
          </Field>
        )}
        {kind === 'syslog' && (
          <>
            <Field label="Host" required>
              {(control) => <Input {...control} mono value={host} onChange={(event) => setHost(event.target.value)} />}
            </Field>
            <Field label="Port" required>
              {(control) => (
                <Input
                  {...control}
                  mono
                  inputMode="numeric"
                  value={port}
                  onChange={(event) => setPort(event.target.value)}
                />
              )}
            </Field>
            <Checkbox label="TLS" checked={tls} onChange={(event) => setTls(event.target.checked)} />
            {tls && (
              <Field label="Certificates to trust" hint="PEM; left empty, those that the machine trusts.">
                {(control) => <TextArea {...control} mono value={ca} onChange={(event) => setCa(event.target.value)} />}
              </Field>
            )}
          </>
        )}
        {kind === 'file' && <p className="soft">In the data folder of the hub, one file a day.</p>}
        <Field label="Format">
          {(control) => (
            <Select {...control} value={format} onChange={(event) => setFormat(event.target.value as Draft['format'])}>
              <option value="jsonl">JSON lines, as exports have them</option>
              <option value="ocsf">OCSF 1.8</option>
              <option value="csv">CSV</option>
            </Select>
          )}
        </Field>
        <Field label="Only these operations" hint="Such as grants.create or policies.*; left empty, all.">
          {(control) => (
            <Input {...control} mono value={actions} onChange={(event) => setActions(event.target.value)} />
          )}
        </Field>
        <Field label="Calls">
          {(control) => (
            <Select {...control} value={calls} onChange={(event) => setCalls(event.target.value as typeof calls)}>
              <option value="all">All calls</option>
              <option value="refused">Refused calls</option>
              <option value="none">No calls</option>
            </Select>
          )}
        </Field>
        <Checkbox
          label="Begin with the oldest entry there is"
          checked={fromBeginning}
          onChange={(event) => setFromBeginning(event.target.checked)}
        />
      </form>
    </Dialog>
  );
}

function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Give this secret to the receiver"
      description="It checks signatures with it. It is shown once."
      footer={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <CodeBlock label="Secret" text={secret} />
    </Dialog>
  );
}
