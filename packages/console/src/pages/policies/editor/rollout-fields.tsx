import { Checkbox, Field, Input, Select } from '../../../parts/field.tsx';
import { MultiPicker } from '../../../parts/picker.tsx';
import { FormPart, type ProblemOf } from './form-part.tsx';
import type { Path, Values } from './policy-yaml.ts';
import { asList, asObject, asText } from './values.ts';

interface RolloutFieldsProps {
  readonly values: Values;
  readonly edit: (path: Path, value: unknown) => void;
  readonly teams: readonly string[];
  readonly problemOf: ProblemOf;
}

const modes = [
  ['draft', 'draft: it looks at nothing'],
  ['shadow', 'shadow: it only writes down what it would do'],
  ['enforce', 'enforce: it acts'],
] as const;

/** Step by step: for whom it enforces, and when it stops doing so by itself. */
export function RolloutFields({ values, edit, teams, problemOf }: RolloutFieldsProps) {
  const mode = asText(values['mode']) || 'enforce';
  const budget = values['budget'] === undefined || values['budget'] === null ? null : asObject(values['budget']);
  const number = (path: Path, label: string, value: unknown, most: number, hint?: string) => (
    <Field label={label} hint={hint} error={problemOf(path.join('.'))}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={0}
          max={most}
          value={asText(value)}
          onChange={(event) => edit(path, event.target.value === '' ? undefined : Number(event.target.value))}
        />
      )}
    </Field>
  );
  return (
    <FormPart title="Rollout">
      <Field label="Mode" error={problemOf('mode')}>
        {(control) => (
          <Select {...control} value={mode} onChange={(event) => edit(['mode'], event.target.value)}>
            {modes.map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {number(
        ['percentage'],
        'Enforces for so many percent of callers',
        values['percentage'] ?? 100,
        100,
        'For the others it only watches: the same callers each time.',
      )}
      <Field
        label="Enforces for these teams first"
        error={problemOf('pilot')}
        hint="For everybody else it only watches."
      >
        {({ id }) => (
          <MultiPicker
            id={id}
            placeholder="Everybody"
            choices={teams.map((name) => ({ value: name, label: name }))}
            values={asList(values['pilot'])}
            onChange={(next) => edit(['pilot'], next.length === 0 ? undefined : next)}
          />
        )}
      </Field>
      <Checkbox
        label="Falls back to a shadow by itself"
        hint="When it stops or changes more than it should. The version list and the audit log say so, and enforcing again undoes it."
        checked={budget !== null}
        onChange={(event) => edit(['budget'], event.target.checked ? { share: 5, minutes: 15, least: 20 } : undefined)}
      />
      {budget !== null && (
        <div className="action-detail">
          {number(['budget', 'share'], 'Percent that it may stop or change', budget['share'], 100)}
          {number(['budget', 'minutes'], 'Within minutes', budget['minutes'] ?? 15, 1440)}
          {number(['budget', 'least'], 'Of at least so many messages', budget['least'] ?? 20, 1_000_000)}
        </div>
      )}
    </FormPart>
  );
}
