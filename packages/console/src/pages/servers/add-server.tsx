import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { say } from '../../parts/toast.tsx';
import type { Isolation } from './isolation-field.tsx';
import { PasteConfig } from './paste-config.tsx';
import { processProblem, rulesOf, usualProcesses } from './process-draft.ts';
import { ProcessFields } from './process-fields.tsx';
import type { Server } from './server-status.tsx';
import {
  emptyTransport,
  nameProblem,
  newTransport,
  suggestedName,
  type TransportDraft,
  transportProblem,
} from './transport-draft.ts';
import { TransportFields } from './transport-fields.tsx';

interface AddServerProps {
  readonly known: readonly Server[];
  readonly onClose: () => void;
}

type Way = 'stdio' | 'streamable-http' | 'paste';

/** One server by its command or URL, or several out of a client's configuration. */
export default function AddServer({ known, onClose }: AddServerProps) {
  const [way, setWay] = useState<Way>('paste');
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title="Add a server"
      description="Adding a server approves it: the hub may run this command or call this URL from now on."
    >
      <div>
        <Segments
          label="How to add it"
          value={way}
          onChange={setWay}
          options={[
            { value: 'paste', label: 'From a configuration' },
            { value: 'stdio', label: 'By command' },
            { value: 'streamable-http', label: 'By URL' },
          ]}
        />
      </div>
      {way === 'paste' ? (
        <PasteConfig known={known} onClose={onClose} />
      ) : (
        <OneServer key={way} type={way} known={known} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface OneServerProps extends AddServerProps {
  readonly type: TransportDraft['type'];
}

function OneServer({ type, known, onClose }: OneServerProps) {
  const navigate = useNavigate();
  const create = useWrite('createServer', 'overview');
  const [draft, setDraft] = useState<TransportDraft>({ ...emptyTransport, type });
  const [typedName, setName] = useState<string | null>(null);
  const [isolation, setIsolation] = useState<Isolation>('per-session');
  const [processes, setProcesses] = useState(usualProcesses);
  const [tried, setTried] = useState(false);
  const name = typedName ?? suggestedName(draft);
  const problem = nameProblem(
    name,
    known.map((server) => server.name),
  );

  const submit = () => {
    setTried(true);
    if (transportProblem(draft) || problem || processProblem(processes)) return;
    create.mutate(
      { name, transport: newTransport(draft), isolation, ...(type === 'stdio' && { processes: rulesOf(processes) }) },
      {
        onSuccess: (server) => {
          say(`${server.name} is added`, { detail: 'First contact is under way.' });
          void navigate({ to: '/servers/$id', params: { id: server.id } });
        },
      },
    );
  };

  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {create.error && <Problem error={create.error} title="The server could not be added" />}
      <TransportFields draft={draft} onChange={setDraft} tried={tried} />
      <Field
        label="Name"
        required
        error={tried ? problem : null}
        hint="Clients reach it under this name; it is the last part of its endpoint."
      >
        {(control) => <Input {...control} mono value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      {type === 'stdio' && (
        <ProcessFields
          isolation={isolation}
          onIsolation={setIsolation}
          draft={processes}
          onChange={setProcesses}
          tried={tried}
        />
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" kind="primary" busy={create.isPending}>
          Add server
        </Button>
      </div>
    </form>
  );
}
