import { FlaskConical, Plus } from 'lucide-react';
import { useState } from 'react';
import { type Input as InputOf, type Output, useHub } from '../../../api/hub.ts';
import { Button } from '../../../parts/button.tsx';
import { Field, Input, Select, TextArea } from '../../../parts/field.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { say } from '../../../parts/toast.tsx';
import { TrialView } from '../trial-view.tsx';
import type { PolicyDraft } from '../use-policy-draft.ts';
import { givenOf, partsOfMessage, type Written } from './given.ts';

const empty: Written = { direction: 'call', tool: '', arguments: '{}', result: '{}', values: '' };

type Tried = Output<'tryPolicy'>;
type TestGiven = InputOf<'tryPolicy'>['given'];

export function TryWritten({ draft: { draft, edit, values } }: { readonly draft: PolicyDraft }) {
  const { client } = useHub();
  const [written, setWritten] = useState(empty);
  const [wrong, setWrong] = useState<{ readonly field: string; readonly problem: string } | null>(null);
  const [tried, setTried] = useState<{ readonly given: TestGiven; readonly answer: Tried } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<Written>) => setWritten((now) => ({ ...now, ...part }));
  const errorOf = (field: string) => (wrong?.field === field ? wrong.problem : null);

  const run = async () => {
    const read = givenOf(written);
    setWrong(read.ok ? null : read);
    if (!read.ok || draft === null) return;
    setBusy(true);
    setError(null);
    try {
      const given = read.given as TestGiven;
      setTried({ given, answer: await client.call('tryPolicy', { policy: draft, given }) });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  const keep = () => {
    if (tried === null) return;
    const tests = Array.isArray(values?.['tests']) ? (values['tests'] as unknown[]) : [];
    const matched = tried.answer.trace.rules.some(({ said, actions }) => said === 'matched' || actions.length > 0);
    const expect = { outcome: matched ? tried.answer.outcome : 'not_matched' };
    edit(['tests'], [...tests, { name: `Tried message ${tests.length + 1}`, given: tried.given, expect }]);
    say('It is a test of the policy now', { detail: 'Give it a name under Edit, and save.' });
  };

  const json = (field: 'arguments' | 'result' | 'values', label: string, hint?: string) => (
    <Field label={label} hint={hint} error={errorOf(field)}>
      {(control) => (
        <TextArea
          {...control}
          mono
          rows={5}
          value={written[field]}
          onChange={(event) => {
            const parts = field === 'values' ? null : partsOfMessage(event.target.value);
            set(parts ?? { [field]: event.target.value });
          }}
        />
      )}
    </Field>
  );

  return (
    <div className="try-sides">
      <form
        className="stack"
        aria-label="The message"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Field label="Which way">
          {(control) => (
            <Select
              {...control}
              value={written.direction}
              onChange={(event) => set({ direction: event.target.value as Written['direction'] })}
            >
              <option value="call">A call to a server</option>
              <option value="result">A result to a client</option>
              <option value="listing">A list of tools</option>
            </Select>
          )}
        </Field>
        {written.direction !== 'listing' && (
          <Field label="Tool">
            {(control) => (
              <Input {...control} mono value={written.tool} onChange={(event) => set({ tool: event.target.value })} />
            )}
          </Field>
        )}
        {written.direction !== 'listing' &&
          json('arguments', 'Arguments', 'JSON; a whole message is taken apart when it is pasted.')}
        {written.direction !== 'call' && json('result', 'Result')}
        {json(
          'values',
          'What else conditions read',
          'Such as { "caller": { "role": "admin" }, "session": { "labels": ["private"] } }.',
        )}
        <div className="row">
          <Button kind="primary" type="submit" icon={FlaskConical} busy={busy} disabled={draft === null}>
            Try it
          </Button>
          {tried !== null && (
            <Button icon={Plus} onClick={keep}>
              Keep as a test
            </Button>
          )}
        </div>
      </form>
      <div className="stack" aria-live="polite">
        {error !== null && <Problem error={error} title="The message could not be tried" />}
        {tried !== null && <TrialView title="The message" tried={tried.answer} />}
        {tried === null && error === null && <p className="soft">What the policy makes of the message shows here.</p>}
      </div>
    </div>
  );
}
