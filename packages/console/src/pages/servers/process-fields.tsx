import { useState } from 'react';
import { Checkbox, Field, FieldGroup, Input, Radio, Select, TextArea } from '../../parts/field.tsx';
import { type Isolation, IsolationField } from './isolation-field.tsx';
import { type ProcessDraft, processProblem } from './process-draft.ts';
import './process-fields.css';

interface ProcessFieldsProps {
  readonly isolation: Isolation;
  readonly onIsolation: (isolation: Isolation) => void;
  readonly draft: ProcessDraft;
  readonly onChange: (draft: ProcessDraft) => void;
  /** Problems are shown from the first attempt to save on. */
  readonly tried: boolean;
}

const modes: readonly (readonly [ProcessDraft['mode'], string, string])[] = [
  ['off', 'No sandbox', 'It sees all that the hub’s own account sees. For servers that you trust.'],
  ['preferred', 'A sandbox where there can be one', 'Without bubblewrap on the hub’s machine it runs all the same.'],
  ['required', 'Only in a sandbox', 'Without bubblewrap on the hub’s machine it does not run.'],
];

/** Who shares a process, and folded away: the pool, the sandbox and the limits. */
export function ProcessFields({ isolation, onIsolation, draft, onChange, tried }: ProcessFieldsProps) {
  const [opened, setOpened] = useState(draft.mode !== 'off');
  const problem = tried ? processProblem(draft) : null;
  const set = (part: Partial<ProcessDraft>) => onChange({ ...draft, ...part });
  const number = (field: NumberField, label: string, hint: string) => (
    <Field key={field} label={label} hint={hint} error={problem?.field === field ? problem.text : null}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          value={draft[field]}
          onChange={(event) => set({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  const paths = (field: 'read' | 'write', label: string, hint: string) => (
    <Field label={label} hint={hint} error={problem?.field === field ? problem.text : null}>
      {(control) => (
        <TextArea
          {...control}
          mono
          rows={2}
          value={draft[field]}
          onChange={(event) => set({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <IsolationField value={isolation} onChange={onIsolation} />
      <details
        className="process-fields"
        open={opened || problem !== null}
        onToggle={(event) => setOpened(event.currentTarget.open)}
      >
        <summary>Sandbox, limits and pool</summary>
        <div className="stack">
          <FieldGroup legend="Sandbox">
            {modes.map(([mode, label, hint]) => (
              <Radio
                key={mode}
                name="sandbox"
                label={label}
                hint={hint}
                checked={draft.mode === mode}
                onChange={() => set({ mode })}
              />
            ))}
          </FieldGroup>
          {draft.mode !== 'off' && (
            <>
              <Checkbox
                label="Network"
                hint="Without it, it reaches nothing, not even this machine."
                checked={draft.network}
                onChange={(event) => set({ network: event.target.checked })}
              />
              {paths(
                'read',
                'May read',
                'Absolute paths, one a line: its program, where that is not part of the system.',
              )}
              {paths('write', 'May write to', 'Its home and its /tmp are always its own.')}
            </>
          )}
          <div className="process-numbers">
            {number('memory', 'Memory, MiB', 'Of a process; empty is no limit.')}
            {number('processes', 'Processes', 'Below one process, threads included.')}
            {number('cpuSeconds', 'Processor time, s', 'In the life of a process.')}
            {number('lifeSeconds', 'Life, s', 'Then another takes its place.')}
            {number('callSeconds', 'Longest call, s', 'Progress or not.')}
          </div>
          <div className="process-numbers">
            {isolation === 'shared' && number('connections', 'Processes in the pool', 'At most, from 1 to 50.')}
            {isolation !== 'per-session' &&
              number('callsPerConnection', 'Calls at once', 'One process gets; 1 if it does one thing at a time.')}
            {isolation !== 'per-session' &&
              number('queue', 'Calls that may wait', 'For their turn; one more is refused.')}
            {isolation !== 'per-session' && number('queueSeconds', 'Longest wait, s', 'Then the call is refused.')}
          </div>
          <Field
            label="Tell it who asks"
            hint="Member, organization and session, in _meta under io.mcpvault/session. Clients cannot forge it."
          >
            {(control) => (
              <Select
                {...control}
                value={draft.sessionContext}
                onChange={(event) => set({ sessionContext: event.target.value as ProcessDraft['sessionContext'] })}
              >
                <option value="declared">When it declares that it understands</option>
                <option value="always">Always</option>
                <option value="never">Never</option>
              </Select>
            )}
          </Field>
        </div>
      </details>
    </>
  );
}

type NumberField =
  | 'connections'
  | 'callsPerConnection'
  | 'queue'
  | 'queueSeconds'
  | 'memory'
  | 'cpuSeconds'
  | 'processes'
  | 'lifeSeconds'
  | 'callSeconds';
