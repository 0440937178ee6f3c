import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { exactTime } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { Field, Input, Switch } from '../../parts/field.tsx';
import { Card, Facts, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { say } from '../../parts/toast.tsx';
import { serverNamePattern } from '@mcpvault/contract/client-config';
import { EraField } from './era-field.tsx';
import { draftOfRules, processProblem, rulesOf, usualProcesses } from './process-draft.ts';
import { ProcessFields } from './process-fields.tsx';
import { ServerProcesses } from './server-processes.tsx';
import type { Server } from './server-status.tsx';
import { changedTransport, draftOf, emptyTransport, transportProblem } from './transport-draft.ts';
import { TransportFields } from './transport-fields.tsx';
import { useServerActions } from './use-server-actions.ts';

export default function ServerSettings({ server }: { readonly server: Server }) {
  return (
    <div className="stack" style={{ '--gap': '28px' } as React.CSSProperties}>
      <ServerProcesses server={server} />
      <Definition server={server} />
      <Section title="About it">
        <Card>
          <Facts
            items={[
              ['Id', <code key="id">{server.id}</code>],
              [
                'Version',
                <span key="version" className="num">
                  {server.version}
                </span>,
              ],
              [
                'Added',
                <span key="added" title={exactTime(new Date(server.createdAt))}>
                  <RelativeTime at={server.createdAt} />
                </span>,
              ],
              ['Changed', <RelativeTime key="changed" at={server.updatedAt} />],
              ['Last contact', <RelativeTime key="checked" at={server.checkedAt} never="not yet" />],
            ]}
          />
        </Card>
      </Section>
      <Ending server={server} />
    </div>
  );
}

function Definition({ server }: { readonly server: Server }) {
  const update = useWrite('updateServer', 'overview');
  const [name, setName] = useState(server.name);
  const [draft, setDraft] = useState(() => (server.transport ? draftOf(server.transport) : emptyTransport));
  const [isolation, setIsolation] = useState(server.isolation);
  const [processes, setProcesses] = useState(() =>
    server.processes ? draftOfRules(server.processes) : usualProcesses,
  );
  const [tried, setTried] = useState(false);
  const [first] = useState(draft);
  const [firstProcesses] = useState(processes);
  const nameIsGood = serverNamePattern.test(name);
  const isChanged =
    name !== server.name || isolation !== server.isolation || draft !== first || processes !== firstProcesses;

  const submit = () => {
    setTried(true);
    if (transportProblem(draft) || !nameIsGood || processProblem(processes)) return;
    update.mutate(
      {
        id: server.id,
        ...(name === server.name ? {} : { name }),
        ...(isolation === server.isolation ? {} : { isolation }),
        ...(draft === first ? {} : { transport: changedTransport(draft) }),
        ...(processes === firstProcesses ? {} : { processes: rulesOf(processes) }),
      },
      {
        onSuccess: (after) =>
          say(`${after.name} is saved`, { detail: draft === first ? undefined : `Version ${after.version}` }),
      },
    );
  };

  return (
    <Section title="Definition" text="A change of how it is run or reached makes a new version, and is tried at once.">
      <Card>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {update.error && <Problem error={update.error} title="The change could not be saved" />}
          <Field
            label="Name"
            required
            error={tried && !nameIsGood ? 'Use lower-case letters, digits and hyphens, at most 63.' : null}
            hint={name === server.name ? undefined : 'Clients that use its own endpoint must be told the new address.'}
          >
            {(control) => <Input {...control} mono value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <TransportFields draft={draft} onChange={setDraft} tried={tried} />
          {draft.type === 'stdio' && (
            <ProcessFields
              isolation={isolation}
              onIsolation={setIsolation}
              draft={processes}
              onChange={setProcesses}
              tried={tried}
            />
          )}
          <EraField value={draft.era} onChange={(era) => setDraft({ ...draft, era })} />
          <div className="row">
            <Button type="submit" kind="primary" busy={update.isPending} disabled={!isChanged}>
              Save
            </Button>
          </div>
        </form>
      </Card>
    </Section>
  );
}

function Ending({ server }: { readonly server: Server }) {
  const actions = useServerActions();
  const navigate = useNavigate();
  const retire = async () => {
    if (await actions.retire(server)) void navigate({ to: '/servers' });
  };
  return (
    <Section title="Stop using it">
      <Card>
        <div className="stack">
          <div className="row" style={{ justifyContent: 'space-between' }}>
            <div>
              <p>Enabled</p>
              <p className="soft">
                A disabled server keeps its definition and its grants; nobody can use it meanwhile.
              </p>
            </div>
            <Switch
              quiet
              label="Enabled"
              checked={server.enabled}
              onChange={(enabled) => void actions.setEnabled(server, enabled)}
            />
          </div>
          <div className="row" style={{ justifyContent: 'space-between' }}>
            <div>
              <p>Retire</p>
              <p className="soft">Removes it for good. What it did stays in the record.</p>
            </div>
            <Button kind="danger" onClick={() => void retire()}>
              Retire server
            </Button>
          </div>
        </div>
      </Card>
    </Section>
  );
}
