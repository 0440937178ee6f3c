// What an import would do: policies of a text beside those that are there, told apart by their names. Pure.
import type { Definition } from '../policy-words.ts';
import type { Checked, Draft } from '../use-policy-draft.ts';

export interface ImportStep {
  readonly name: string;
  readonly does: 'add' | 'change' | 'keep' | 'wrong' | 'remove';
  readonly draft: Draft | null;
  readonly before: Definition | null;
  /** Of `wrong`: the first thing to mend. */
  readonly problem: string | null;
}

/** `prune` removes what the text does not name. */
export function importPlan(checked: Checked, there: readonly Definition[], prune: boolean): readonly ImportStep[] {
  const steps = checked.policies.map(({ name, draft, problems, tests }): ImportStep => {
    const before = there.find((one) => one.name === name) ?? null;
    const wrong = problems.find(({ isWarning }) => !isWarning);
    const failed = tests.find(({ failure }) => failure !== null);
    const place = wrong?.place ? `Line ${wrong.place.line}: ` : '';
    const problem = wrong
      ? `${place}${wrong.problem}`
      : failed
        ? `The test “${failed.name}” fails: ${failed.failure}.`
        : null;
    const said = { name: name === '' ? 'A policy without a name' : name, draft, before, problem };
    if (problem !== null || draft === null) return { ...said, does: 'wrong' };
    if (before === null) return { ...said, does: 'add' };
    return { ...said, does: saysTheSame(draft, before) ? 'keep' : 'change' };
  });
  const named = new Set(checked.policies.map(({ name }) => name));
  const others = prune ? there.filter(({ name }) => !named.has(name)) : [];
  return [
    ...steps,
    ...others.map((before): ImportStep => ({ name: before.name, does: 'remove', draft: null, before, problem: null })),
  ];
}

/** All that a policy says, not how it is written or when. */
function saysTheSame(draft: Draft, before: Definition): boolean {
  const { note: _, source: __, ...said } = draft;
  return (Object.keys(said) as (keyof typeof said)[]).every((key) => ordered(said[key]) === ordered(before[key]));
}

/** JSON with the members of objects in one order. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
