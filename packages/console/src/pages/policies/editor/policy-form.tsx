// The form beside the text: every part of a policy with its problems at its field. What is changed here is put into the text.
import { Checkbox, Field, FieldGroup, Input, Select, TextArea } from '../../../parts/field.tsx';
import { MultiPicker } from '../../../parts/picker.tsx';
import { DetectorPicker } from '../detector-picker.tsx';
import type { Detector } from '../policy-words.ts';
import type { TextProblem } from '../use-policy-draft.ts';
import { ActionFields } from './action-fields.tsx';
import { FormPart, type ProblemOf } from './form-part.tsx';
import { ListInput } from './list-input.tsx';
import type { Path, Values } from './policy-yaml.ts';
import { RolloutFields } from './rollout-fields.tsx';
import { asList, asText } from './values.ts';

export interface PolicyFormProps {
  readonly values: Values;
  readonly edit: (path: Path, value: unknown) => void;
  readonly problems: readonly TextProblem[];
  readonly detectors: readonly Detector[];
  readonly servers: readonly string[];
  readonly teams: readonly string[];
  readonly readOnly: boolean;
}

export function PolicyForm(props: PolicyFormProps) {
  const { values, edit, problems, readOnly } = props;
  const problemOf: ProblemOf = (path) => {
    const found = problems.find((one) => one.path === path || one.path.startsWith(`${path}.`));
    return found === undefined ? null : `${found.problem} ${found.fix}`.trim();
  };
  return (
    <fieldset className="policy-form" disabled={readOnly} aria-label="The policy as a form">
      <About values={values} edit={edit} problemOf={problemOf} />
      <Where {...props} problemOf={problemOf} />
      <When {...props} problemOf={problemOf} />
      <ActionFields actions={values['actions']} edit={edit} problemOf={problemOf} />
      <RolloutFields values={values} edit={edit} teams={props.teams} problemOf={problemOf} />
    </fieldset>
  );
}

interface PartProps {
  readonly values: Values;
  readonly edit: (path: Path, value: unknown) => void;
  readonly problemOf: ProblemOf;
}

const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;

function About({ values, edit, problemOf }: PartProps) {
  const text = (key: string) => asText(values[key]);
  return (
    <FormPart title="What it is">
      <Field label="Name" required error={problemOf('name')}>
        {(control) => (
          <Input {...control} value={text('name')} onChange={(event) => edit(['name'], event.target.value)} />
        )}
      </Field>
      <Field
        label="Reason"
        required
        error={problemOf('reason')}
        hint="Read by everybody whose message is changed or refused."
      >
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            value={text('reason')}
            onChange={(event) => edit(['reason'], event.target.value)}
          />
        )}
      </Field>
      <Field label="Owner" error={problemOf('owner')} hint="Who answers questions about it.">
        {(control) => (
          <Input
            {...control}
            value={text('owner')}
            onChange={(event) => edit(['owner'], event.target.value || undefined)}
          />
        )}
      </Field>
      <Field label="Severity" error={problemOf('severity')} hint="Ranks policies that disagree.">
        {(control) => (
          <Select
            {...control}
            value={text('severity') || 'medium'}
            onChange={(event) => edit(['severity'], event.target.value)}
          >
            {severities.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        )}
      </Field>
    </FormPart>
  );
}

const directions = [
  ['call', 'Calls to servers'],
  ['result', 'Results to clients'],
  ['listing', 'What servers say of their tools'],
] as const;

function Where({ values, edit, problemOf, servers, teams }: PolicyFormProps & PartProps) {
  const scope = (values['scope'] ?? {}) as Values;
  const chosen =
    values['directions'] === undefined ? directions.map(([id]) => id as string) : asList(values['directions']);
  const setList = (key: string) => (list: string[]) => edit(['scope', key], list.length === 0 ? undefined : list);
  const list = (key: string) => asList(scope[key]);
  return (
    <FormPart title="Which messages">
      <FieldGroup legend="It looks at">
        {directions.map(([id, label]) => (
          <Checkbox
            key={id}
            label={label}
            checked={chosen.includes(id)}
            onChange={(event) => {
              const next = directions
                .map(([one]) => one as string)
                .filter((one) => (one === id ? event.target.checked : chosen.includes(one)));
              edit(['directions'], next.length === directions.length ? undefined : next);
            }}
          />
        ))}
        {problemOf('directions') && <p className="field-error">{problemOf('directions')}</p>}
      </FieldGroup>
      <Field label="Servers" error={problemOf('scope.servers')}>
        {({ id }) => (
          <MultiPicker
            id={id}
            placeholder="Every server"
            choices={servers.map((name) => ({ value: name, label: name }))}
            values={list('servers')}
            onChange={setList('servers')}
          />
        )}
      </Field>
      <Field
        label="Tools"
        error={problemOf('scope.tools')}
        hint="By the names that servers use, with commas; a * at the end."
      >
        {(control) => (
          <ListInput {...control} placeholder="Every tool" values={list('tools')} onChange={setList('tools')} />
        )}
      </Field>
      <Field label="Teams" error={problemOf('scope.teams')}>
        {({ id }) => (
          <MultiPicker
            id={id}
            placeholder="Every team"
            choices={teams.map((name) => ({ value: name, label: name }))}
            values={list('teams')}
            onChange={setList('teams')}
          />
        )}
      </Field>
      <Field label="Roles" error={problemOf('scope.roles')}>
        {(control) => (
          <ListInput {...control} placeholder="Every role" values={list('roles')} onChange={setList('roles')} />
        )}
      </Field>
      <Field label="Clients" error={problemOf('scope.clients')} hint="By the names that they give themselves.">
        {(control) => (
          <ListInput {...control} placeholder="Every client" values={list('clients')} onChange={setList('clients')} />
        )}
      </Field>
      {problemOf('scope') && <p className="field-error">{problemOf('scope')}</p>}
    </FormPart>
  );
}

function When({ values, edit, problemOf, detectors }: PolicyFormProps & PartProps) {
  const chosen = asList(values['detectors']);
  const threshold = Number(values['threshold'] ?? 0);
  return (
    <FormPart title="When">
      <Field
        label="Condition"
        error={problemOf('condition')}
        hint="CEL, such as tool.destructive && size > 10000.0. Left empty it always holds."
      >
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={3}
            value={asText(values['condition'])}
            onChange={(event) => edit(['condition'], event.target.value === '' ? undefined : event.target.value)}
          />
        )}
      </Field>
      <DetectorPicker
        detectors={detectors}
        chosen={chosen}
        error={problemOf('detectors')}
        onChange={(next) => edit(['detectors'], next.length === 0 ? undefined : next)}
      />
      {chosen.length > 0 && (
        <Field label="How sure a detector must be, in percent" error={problemOf('threshold')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={100}
              value={Math.round(threshold * 100)}
              onChange={(event) => {
                const next = Number(event.target.value) / 100;
                edit(['threshold'], next === 0 ? undefined : next);
              }}
            />
          )}
        </Field>
      )}
    </FormPart>
  );
}
