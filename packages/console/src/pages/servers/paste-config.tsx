import { parseClientConfig } from '@mcpvault/contract/client-config';
import { Check } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Field, Input, TextArea } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import { type Candidate, candidatesOf, secretCount } from './candidates.ts';
import type { Server } from './server-status.tsx';
import { nameProblem } from './transport-draft.ts';
import { transportSummary } from './transport-summary.ts';
import './paste-config.css';

interface PasteConfigProps {
  readonly known: readonly Server[];
  readonly onClose: () => void;
}

const example = `{
  "mcpServers": {
    "everything": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-everything"]
    }
  }
}`;

/** What came of adding each one, by its name as written. */
type Done = Readonly<Record<string, 'added' | { readonly problem: string }>>;

/** Reads what a client has today, shows what was found, and adds the chosen ones. */
export function PasteConfig({ known, onClose }: PasteConfigProps) {
  const [text, setText] = useState('');
  const found = useMemo(() => (text.trim() === '' ? null : parseClientConfig(text)), [text]);
  const [changes, setChanges] = useState<Readonly<Record<string, Partial<Candidate>>>>({});
  const [done, setDone] = useState<Done>({});
  const [adding, setAdding] = useState(false);
  const create = useWrite('createServer', 'overview');
  const names = known.map((server) => server.name);
  const candidates = candidatesOf(found?.servers ?? [], names).map((one) => ({ ...one, ...changes[one.key] }));
  const chosen = candidates.filter((one) => one.chosen && done[one.key] !== 'added');
  const problemOf = (candidate: Candidate) => {
    const others = chosen.filter((one) => one.key !== candidate.key).map((one) => one.name);
    const fresh = names.filter((name) => !candidates.some((one) => one.name === name && done[one.key] === 'added'));
    return nameProblem(candidate.name, [...fresh, ...others]);
  };
  const blocked = chosen.length === 0 || chosen.some((one) => problemOf(one) !== null);

  const add = async () => {
    setAdding(true);
    const outcome: Record<string, Done[string]> = {};
    for (const { key, name, server } of chosen) {
      try {
        await create.mutateAsync({ name, transport: transportFrom(server.transport) });
        outcome[key] = 'added';
      } catch (error) {
        outcome[key] = { problem: sentenceOf(error) };
      }
      setDone((before) => ({ ...before, ...outcome }));
    }
    setAdding(false);
    const added = Object.values(outcome).filter((one) => one === 'added').length;
    if (added > 0) say(`${counted(added, 'server')} added`, { detail: 'First contact is under way.' });
    if (added === chosen.length) onClose();
  };

  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) void add();
      }}
    >
      <Field
        label="Configuration"
        hint="From any client, whole or in part; also an install link, a URL or a command line. It is read in this browser, and only what you add is sent."
      >
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={found ? 5 : 9}
            autoFocus
            placeholder={example}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setChanges({});
              setDone({});
            }}
          />
        )}
      </Field>
      {found?.problems
        .filter(({ name }) => name === null || !candidates.some((one) => one.server.originalName === name))
        .map(({ name, problem, fix }) => (
          <Notice key={`${name} ${problem}`} tone="warn" title={name === null ? problem : `${name}: ${problem}`}>
            <p className="soft">{fix}</p>
          </Notice>
        ))}
      {candidates.length > 0 && (
        <section className="stack" aria-label="What was found">
          <div role="status">
            <h3>{counted(candidates.length, 'server')} found</h3>
          </div>
          <ul className="found">
            {candidates.map((candidate) => (
              <Found
                key={candidate.key}
                candidate={candidate}
                done={done[candidate.key]}
                exists={names.includes(candidate.name) && done[candidate.key] === undefined}
                nameProblem={candidate.chosen && done[candidate.key] !== 'added' ? problemOf(candidate) : null}
                concerns={found?.problems.filter(({ name }) => name === candidate.server.originalName) ?? []}
                onChange={(part) => setChanges({ ...changes, [candidate.key]: { ...changes[candidate.key], ...part } })}
              />
            ))}
          </ul>
        </section>
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" kind="primary" disabled={blocked} busy={adding}>
          {chosen.length === 0 ? 'Add servers' : `Add ${counted(chosen.length, 'server')}`}
        </Button>
      </div>
    </form>
  );
}

interface FoundProps {
  readonly candidate: Candidate;
  readonly done: Done[string] | undefined;
  /** Why it is not chosen. */
  readonly exists: boolean;
  readonly nameProblem: string | null;
  readonly concerns: readonly { readonly problem: string; readonly fix: string }[];
  readonly onChange: (part: Partial<Candidate>) => void;
}

function Found({ candidate, done, exists, nameProblem: problem, concerns, onChange }: FoundProps) {
  const { key, name, chosen, server } = candidate;
  const secrets = secretCount(server.transport);
  const added = done === 'added';
  return (
    <li className="found-one">
      <input
        type="checkbox"
        aria-label={`Add ${server.originalName}`}
        checked={chosen}
        disabled={added}
        onChange={(event) => onChange({ chosen: event.target.checked })}
      />
      <div className="found-about">
        <div className="row">
          <Input
            mono
            aria-label={`Name for ${server.originalName}`}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? `found-${key}` : undefined}
            disabled={added || !chosen}
            value={name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
          {added && (
            <Badge tone="ok">
              <Check size={12} aria-hidden="true" /> added
            </Badge>
          )}
          {exists && !chosen && <span className="soft">exists already</span>}
          {secrets > 0 && <Badge tone="brass">{counted(secrets, 'value')} to seal</Badge>}
        </div>
        {problem && (
          <p className="field-error" id={`found-${key}`}>
            {problem}
          </p>
        )}
        {done !== undefined && done !== 'added' && <p className="field-error">{done.problem}</p>}
        <p className="mono soft found-how">{summaryOf(server.transport)}</p>
        {concerns.map((concern) => (
          <p key={concern.problem} className="found-concern">
            {concern.problem} <span className="soft">{concern.fix}</span>
          </p>
        ))}
      </div>
    </li>
  );
}

type Transport = Candidate['server']['transport'];

function summaryOf(transport: Transport): string | null {
  return transportSummary(
    transport.type === 'stdio'
      ? { type: 'stdio', command: transport.command, args: [...transport.args], env: [] }
      : { type: transport.type, url: transport.url, headers: [] },
  );
}

function transportFrom(transport: Transport) {
  if (transport.type !== 'stdio') {
    const { type, url, headers, era } = transport;
    return { type, url, headers: { ...headers }, ...(era !== undefined && { era }) };
  }
  const { command, args, env, cwd } = transport;
  return { type: 'stdio' as const, command, args: [...args], env: { ...env }, ...(cwd === undefined ? {} : { cwd }) };
}
