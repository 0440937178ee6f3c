// Asks the hub why somebody may use a server or one of its tools, or may not, and shows what it looked at.
import { Check, Minus } from 'lucide-react';
import { useState } from 'react';
import { type Output, useAll, useRead } from '../../api/hub.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Picker } from '../../parts/picker.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import './check-access.css';

export function CheckAccess({ onClose }: { readonly onClose: () => void }) {
  const members = useAll('listMembers', {}).data ?? [];
  const servers = useAll('listServers', {}).data ?? [];
  const [member, setMember] = useState<string | null>(null);
  const [server, setServer] = useState<string | null>(null);
  const [tool, setTool] = useState<string | null>(null);
  const tools = useAll('listServerTools', { id: server ?? '' }, { enabled: server !== null }).data ?? [];
  return (
    <Dialog
      open
      onClose={onClose}
      title="Check access"
      description="Who may use what, and why."
      footer={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="stack">
        <Field label="Member">
          {({ id }) => (
            <Picker
              id={id}
              placeholder="Find a member"
              choices={members.map((each) => ({ value: each.id, label: each.name, detail: each.email }))}
              value={member}
              onChange={setMember}
            />
          )}
        </Field>
        <Field label="Server">
          {({ id }) => (
            <Picker
              id={id}
              placeholder="Find a server"
              choices={servers.map((each) => ({ value: each.id, label: each.name }))}
              value={server}
              onChange={(next) => {
                setServer(next);
                setTool(null);
              }}
            />
          )}
        </Field>
        <Field label="Tool" hint="Left out: the server as a whole.">
          {({ id }) => (
            <Picker
              id={id}
              placeholder={server === null ? 'Choose the server first' : 'Find a tool'}
              choices={tools.map(({ name }) => ({ value: name, label: name }))}
              value={tool}
              onChange={setTool}
            />
          )}
        </Field>
        {member !== null && server !== null && (
          <Answer member={member as `mem_${string}`} server={server} tool={tool} />
        )}
      </div>
    </Dialog>
  );
}

interface AnswerProps {
  readonly member: `mem_${string}`;
  readonly server: string;
  readonly tool: string | null;
}

function Answer({ member, server, tool }: AnswerProps) {
  const found = useRead('explainAccess', { member, server, ...(tool === null ? {} : { tool }) });
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={4} label="Looking at grants" />;
  return <Explained answer={found.data} />;
}

function Explained({ answer }: { readonly answer: Output<'explainAccess'> }) {
  const { member, server, tool, allowed, steps } = answer;
  return (
    <section aria-live="polite" className="stack">
      <p>
        {member.name} <Badge tone={allowed ? 'ok' : 'bad'}>{allowed ? 'may use' : 'may not use'}</Badge>{' '}
        {tool === null ? server.name : `${tool} of ${server.name}`}
      </p>
      <ol className="access-steps">
        {steps.map(({ speaksFor, text, grant }) => (
          <li key={text} data-speaks-for={speaksFor || undefined}>
            {speaksFor ? <Check size={15} aria-label="for" /> : <Minus size={15} aria-label="against" />}
            <span>
              {text} {grant && <code className="faint">{grant}</code>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
