import { useState } from 'react';
import { useAll, useHub, useWrite } from '../../../api/hub.ts';
import { counted } from '../../../format.ts';
import { Badge, type Tone } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { Checkbox, Field, Input, TextArea } from '../../../parts/field.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { say } from '../../../parts/toast.tsx';
import { type Checked } from '../use-policy-draft.ts';
import { type ImportStep, importPlan } from './import-plan.ts';

const words: Readonly<Record<ImportStep['does'], readonly [string, Tone]>> = {
  add: ['is added', 'ok'],
  change: ['is changed', 'accent'],
  keep: ['stays as it is', 'neutral'],
  wrong: ['has to be mended', 'bad'],
  remove: ['is removed', 'bad'],
};

/** Policies from a YAML file: what would change is shown before anything does. */
export function ImportPolicies({ onClose }: { readonly onClose: () => void }) {
  const { client } = useHub();
  const there = useAll('listDefinitions', {}).data;
  const create = useWrite('createDefinition');
  const replace = useWrite('replaceDefinition');
  const remove = useWrite('removePolicy');
  const [text, setText] = useState('');
  const [prune, setPrune] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const plan = checked === null || there === undefined ? null : importPlan(checked, there, prune);
  const whole = checked?.problems.find(({ isWarning }) => !isWarning) ?? null;
  const isWrong = whole !== null || (plan?.some(({ does }) => does === 'wrong') ?? false);
  const changes = plan?.filter(({ does }) => does !== 'keep' && does !== 'wrong').length ?? 0;

  const set = (next: string) => {
    setText(next);
    setChecked(null);
  };
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const look = () => attempt(async () => setChecked(await client.call('checkPolicyText', { text })));
  const apply = () =>
    attempt(async () => {
      for (const { does, draft, before } of plan ?? []) {
        const note = 'Imported';
        if (does === 'add' && draft !== null) await create.mutateAsync({ ...draft, note });
        if (does === 'change' && draft !== null && before !== null)
          await replace.mutateAsync({ id: before.id, ...draft, note });
        if (does === 'remove' && before !== null) await remove.mutateAsync({ id: before.id });
      }
      say(`${counted(changes, 'change')} made`, { detail: 'They hold from the next message on.' });
      onClose();
    });

  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title="Import policies"
      description="YAML, as the export writes it; policies are told apart by their names. Nothing changes before you have seen what would."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {plan === null ? (
            <Button kind="primary" busy={busy} disabled={text.trim() === ''} onClick={() => void look()}>
              See what would change
            </Button>
          ) : (
            <Button kind="primary" busy={busy} disabled={isWrong || changes === 0} onClick={() => void apply()}>
              {changes === 0 ? 'Nothing to change' : `Make ${counted(changes, 'change')}`}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <Field label="A file">
          {(control) => (
            <Input
              {...control}
              type="file"
              accept=".yaml,.yml,.txt,application/yaml"
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                if (file !== undefined) void attempt(async () => set(await file.text()));
              }}
            />
          )}
        </Field>
        <Field label="Or its text">
          {(control) => (
            <TextArea {...control} mono rows={10} value={text} onChange={(event) => set(event.target.value)} />
          )}
        </Field>
        <Checkbox
          label="Remove policies that it does not name"
          checked={prune}
          onChange={(event) => setPrune(event.target.checked)}
        />
        {error !== null && <Problem error={error} title="The import did not work out" />}
        <div aria-live="polite">
          {whole !== null && <p className="field-error">{whole.problem}</p>}
          {plan !== null && (
            <ul className="said-list" aria-label="What would change">
              {plan.map(({ name, does, problem }, index) => (
                // A text may name a policy twice.
                // oxlint-disable-next-line react/no-array-index-key
                <li key={`${index} ${name}`}>
                  <Badge tone={words[does][1]}>{words[does][0]}</Badge>
                  <span>
                    {name} {problem !== null && <span className="soft">{problem}</span>}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </Dialog>
  );
}
