import { useState } from 'react';
import { useHub, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, FieldGroup, Input, Radio } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { withValue } from './editor/policy-yaml.ts';
import { asText } from './editor/values.ts';
import type { Definition } from './policy-words.ts';
import { draftOf } from './use-policy-actions.ts';
import { type PolicyDraft, readChecked, type TextProblem } from './use-policy-draft.ts';

interface SavePolicyProps {
  readonly draft: PolicyDraft;
  readonly definition: Definition | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: Definition, text: string) => void;
}

const modes = [
  ['draft', 'As a draft', 'It looks at nothing yet.'],
  ['shadow', 'As a shadow', 'It writes down what it would do, and changes nothing.'],
  ['enforce', 'Enforce it', 'It holds from the next message on.'],
] as const;

type Mode = (typeof modes)[number][0];

/** What is written becomes a new version: as a draft, as a shadow, or enforced for some or all callers. */
export function SavePolicy({ draft, definition, onClose, onSaved }: SavePolicyProps) {
  const { client } = useHub();
  const create = useWrite('createDefinition');
  const replace = useWrite('replaceDefinition');
  const written = asText(draft.values?.['mode']);
  const [mode, setMode] = useState<Mode>(modes.find(([one]) => one === written)?.[0] ?? 'enforce');
  const [percentage, setPercentage] = useState(asText(draft.values?.['percentage'] ?? 100));
  const [note, setNote] = useState('');
  const [problems, setProblems] = useState<readonly TextProblem[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const share = Number(percentage);
      const withMode =
        written === mode || (written === '' && mode === 'enforce') ? draft.text : withValue(draft.text, ['mode'], mode);
      const text =
        (draft.values?.['percentage'] ?? 100) === share
          ? withMode
          : withValue(withMode, ['percentage'], share === 100 ? undefined : share);
      const checked = readChecked(await client.call('checkPolicyText', { text }));
      const wrong = checked.problems.filter(({ isWarning }) => !isWarning);
      setProblems(wrong);
      if (checked.draft === null || wrong.length > 0) return;
      const said = { ...checked.draft, note: note.trim(), source: text };
      const now =
        definition === null
          ? await create.mutateAsync(said)
          : await replace.mutateAsync({ id: definition.id, ...said });
      const undo =
        definition === null
          ? undefined
          : () =>
              replace.mutate(
                { id: definition.id, ...draftOf(definition) },
                { onError: (problem) => warn('It could not be undone', sentenceOf(problem)) },
              );
      say(`${now.name} is saved`, { detail: doneWords[now.mode], ...(undo && { undo }) });
      onSaved(now, text);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={definition === null ? 'Save the policy' : `Save “${definition.name}”`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="save-policy" busy={busy}>
            Save policy
          </Button>
        </>
      }
    >
      <form
        id="save-policy"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {problems.length > 0 && (
          <Notice tone="bad" urgent title="It cannot be saved yet">
            <ul>
              {problems.map(({ path, problem, fix, place }) => (
                <li key={`${path} ${problem}`}>
                  {place !== null && `Line ${place.line}: `}
                  {problem} {fix}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        {error !== null && <Problem error={error} title="The policy could not be saved" />}
        <FieldGroup legend="How it holds">
          {modes.map(([one, label, hint]) => (
            <Radio
              key={one}
              name="mode"
              label={label}
              hint={hint}
              checked={mode === one}
              onChange={() => setMode(one)}
            />
          ))}
        </FieldGroup>
        {mode === 'enforce' && (
          <Field
            label="For so many percent of callers"
            hint="The same callers each time; for the others it only watches."
          >
            {(control) => (
              <Input
                {...control}
                type="number"
                min={0}
                max={100}
                value={percentage}
                onChange={(event) => setPercentage(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label="What you changed" hint="For the list of versions; may be left empty.">
          {(control) => (
            <Input {...control} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

const doneWords = {
  draft: 'It looks at nothing yet.',
  shadow: 'It only watches.',
  enforce: 'It holds from the next message on.',
};
