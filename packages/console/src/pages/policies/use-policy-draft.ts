// A policy while it is written: its text is the truth, the form a view of it, and the hub says while one types what is wrong.
import { useEffect, useMemo, useState } from 'react';
import { type Output, useHub } from '../../api/hub.ts';
import { type Path, readValues, type Values, withValue } from './editor/policy-yaml.ts';

export type Checked = Output<'checkPolicyText'>;
export type CheckedPolicy = Checked['policies'][number];
export type Draft = NonNullable<CheckedPolicy['draft']>;
export type TextProblem = Checked['problems'][number];

export interface PolicyDraft {
  readonly text: string;
  /** null where the text cannot be read as it stands. */
  readonly values: Values | null;
  readonly set: (text: string) => void;
  /** Puts one value into the text; undefined takes it away. */
  readonly edit: (path: Path, value: unknown) => void;
  /** What the hub said of this very text; null while it has not. */
  readonly checked: Checked | null;
  readonly policy: CheckedPolicy | null;
  readonly problems: readonly TextProblem[];
  /** Ready to be saved, tried and run over the record; null while something is wrong. */
  readonly draft: Draft | null;
  /** The hub could not be asked. */
  readonly error: unknown;
}

const typingPause = 300;

export function usePolicyDraft(initial: string): PolicyDraft {
  const { client } = useHub();
  const [text, set] = useState(initial);
  const [answer, setAnswer] = useState<{ readonly text: string; readonly checked: Checked } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const values = useMemo(() => readValues(text), [text]);

  useEffect(() => {
    const asking = new AbortController();
    const timer = setTimeout(() => {
      client.call('checkPolicyText', { text }, { signal: asking.signal }).then(
        (checked) => {
          setAnswer({ text, checked });
          setError(null);
        },
        (problem: unknown) => !asking.signal.aborted && setError(problem),
      );
    }, typingPause);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [client, text]);

  return useMemo(() => {
    const checked = answer?.text === text ? answer.checked : null;
    const said = readChecked(checked);
    const edit = (path: Path, value: unknown) => set((now) => withValue(now, path, value));
    return { text, values, set, edit, checked, error, ...said };
  }, [text, values, answer, error]);
}

/** What a check comes to where one policy is wanted. */
export function readChecked(checked: Checked | null) {
  const [policy = null, ...others] = checked?.policies ?? [];
  const several =
    others.length === 0
      ? []
      : [
          {
            path: '',
            problem: `There are ${others.length + 1} policies in it.`,
            fix: 'Import them together, or keep one here.',
            isWarning: false,
            place: null,
          },
        ];
  const problems: readonly TextProblem[] = [...(checked?.problems ?? []), ...several, ...(policy?.problems ?? [])];
  const isSound = policy !== null && problems.every(({ isWarning }) => isWarning);
  return { policy, problems, draft: isSound ? policy.draft : null };
}
