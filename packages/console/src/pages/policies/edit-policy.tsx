import { useState } from 'react';
import { type Input as InputOf, useAll, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Checkbox, Field, FieldGroup, Input, Radio, Switch, TextArea } from '../../parts/field.tsx';
import { MultiPicker } from '../../parts/picker.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import { DetectorPicker } from './detector-picker.tsx';
import type { Detector, Policy } from './policy-words.ts';

interface EditPolicyProps {
  /** null: a new one. */
  readonly policy: Policy | null;
  readonly detectors: readonly Detector[];
  /** Without, the policy can only be read. */
  readonly mayWrite: boolean;
  readonly onClose: () => void;
}

type Draft = Required<InputOf<'createPolicy'>>;

const fresh: Draft = {
  name: '',
  reason: '',
  enabled: true,
  detectors: ['secrets'],
  directions: ['call', 'result'],
  servers: null,
  action: { type: 'redact', style: 'label' },
  threshold: 0,
};

export function EditPolicy({ policy, detectors, mayWrite, onClose }: EditPolicyProps) {
  const create = useWrite('createPolicy');
  const update = useWrite('updatePolicy');
  const [draft, setDraft] = useState<Draft>(() => (policy ? draftOf(policy) : fresh));
  const [tried, setTried] = useState(false);
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const error = create.error ?? update.error;
  const problems = problemsOf(draft);

  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    const after = {
      onSuccess: () => {
        say(`${draft.name} is saved`, { detail: 'It holds from the next message on.' });
        onClose();
      },
    };
    if (policy) update.mutate({ id: policy.id, ...draft }, after);
    else create.mutate(draft, after);
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title={policy ? (mayWrite ? 'Edit the policy' : policy.name) : 'Add a policy'}
      footer={
        mayWrite ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form="policy" busy={create.isPending || update.isPending}>
              Save policy
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>Close</Button>
        )
      }
    >
      <form
        id="policy"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {/* A fieldset can be switched off as one; those who may not write may still read. */}
        <fieldset className="field-group" disabled={!mayWrite} style={{ gap: 18 }}>
          {error && <Problem error={error} title="The policy could not be saved" />}
          <Field label="Name" required error={tried ? problems['name'] : null}>
            {(control) => (
              <Input
                {...control}
                placeholder="Keep secrets out"
                value={draft.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Reason"
            required
            error={tried ? problems['reason'] : null}
            hint="Shown to the person whose message it changed or refused. Say what to do instead."
          >
            {(control) => (
              <TextArea
                {...control}
                rows={2}
                value={draft.reason}
                onChange={(event) => set({ reason: event.target.value })}
              />
            )}
          </Field>
          <DetectorPicker
            detectors={detectors}
            chosen={draft.detectors}
            error={tried ? (problems['detectors'] ?? null) : null}
            onChange={(chosen) => set({ detectors: chosen })}
          />
          <ActionField action={draft.action} onChange={(action) => set({ action })} />
          <ThresholdField threshold={draft.threshold} onChange={(threshold) => set({ threshold })} />
          <FieldGroup legend="Which way">
            {(['call', 'result'] as const).map((direction) => (
              <Checkbox
                key={direction}
                label={direction === 'call' ? 'To servers: what clients ask' : 'To clients: what servers answer'}
                checked={draft.directions.includes(direction)}
                onChange={(event) =>
                  set({
                    directions: event.target.checked
                      ? [...draft.directions, direction]
                      : draft.directions.filter((one) => one !== direction),
                  })
                }
              />
            ))}
            {tried && problems['directions'] && <p className="field-error">{problems['directions']}</p>}
          </FieldGroup>
          <ServersField
            servers={draft.servers}
            error={tried ? problems['servers'] : null}
            onChange={(servers) => set({ servers })}
          />
          <Switch
            label="Enabled"
            checked={draft.enabled}
            disabled={!mayWrite}
            onChange={(enabled) => set({ enabled })}
          />
        </fieldset>
      </form>
    </Dialog>
  );
}

function draftOf({ name, reason, enabled, detectors, directions, servers, action, threshold }: Policy): Draft {
  return { name, reason, enabled, detectors, directions, servers, action, threshold };
}

function problemsOf(draft: Draft): Readonly<Record<string, string>> {
  return {
    ...(draft.name.trim() === '' && { name: 'Give it a name.' }),
    ...(draft.reason.trim() === '' && { reason: 'Say why, for the people it meets.' }),
    ...(draft.detectors.length === 0 && { detectors: 'Choose at least one.' }),
    ...(draft.directions.length === 0 && { directions: 'Choose at least one.' }),
    ...(draft.servers?.length === 0 && { servers: 'Choose at least one.' }),
  };
}

interface ActionFieldProps {
  readonly action: Draft['action'];
  readonly onChange: (action: Draft['action']) => void;
}

function ActionField({ action, onChange }: ActionFieldProps) {
  const is = (type: string, style?: string) =>
    action.type === type && (style === undefined || (action.type === 'redact' && action.style === style));
  return (
    <FieldGroup legend="What happens">
      <Radio
        name="action"
        label="Redact with a label"
        hint={
          <>
            Puts <code>[redacted:payment-card]</code> in its place: readers and models see that something was there.
          </>
        }
        checked={is('redact', 'label')}
        onChange={() => onChange({ type: 'redact', style: 'label' })}
      />
      <Radio
        name="action"
        label="Mask with asterisks"
        hint="Keeps the length, for servers that check it."
        checked={is('redact', 'mask')}
        onChange={() => onChange({ type: 'redact', style: 'mask' })}
      />
      <Radio
        name="action"
        label="Refuse the message"
        hint="It does not travel on; the caller is told this policy’s reason."
        checked={is('refuse')}
        onChange={() => onChange({ type: 'refuse' })}
      />
    </FieldGroup>
  );
}

interface ThresholdFieldProps {
  readonly threshold: number;
  readonly onChange: (threshold: number) => void;
}

function ThresholdField({ threshold, onChange }: ThresholdFieldProps) {
  return (
    <Field
      label="How sure"
      hint="In percent. Of what is less sure only a record is kept; 0 acts on everything. For prompt injections 50 takes one honest text in a hundred for an attack, 90 one in a thousand."
    >
      {(control) => (
        <Input
          {...control}
          type="number"
          min={0}
          max={100}
          value={String(Math.round(threshold * 100))}
          onChange={(event) => onChange(Math.min(100, Math.max(0, Number(event.target.value) || 0)) / 100)}
        />
      )}
    </Field>
  );
}

interface ServersFieldProps {
  readonly servers: Draft['servers'];
  readonly error: string | null | undefined;
  readonly onChange: (servers: Draft['servers']) => void;
}

function ServersField({ servers, error, onChange }: ServersFieldProps) {
  const all = useAll('listServers', {}).data ?? [];
  return (
    <FieldGroup legend="Where">
      <Radio name="where" label="Every server" checked={servers === null} onChange={() => onChange(null)} />
      <Radio name="where" label="Only these servers" checked={servers !== null} onChange={() => onChange([])} />
      {servers !== null && (
        <Field label="Servers" error={error}>
          {(control) => (
            <MultiPicker
              id={control.id}
              placeholder="Find servers"
              choices={all.map(({ id, name }) => ({ value: id, label: name }))}
              values={servers}
              onChange={(next) => onChange(next as `srv_${string}`[])}
            />
          )}
        </Field>
      )}
    </FieldGroup>
  );
}
