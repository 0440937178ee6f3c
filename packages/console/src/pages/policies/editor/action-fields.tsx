import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../../../parts/button.tsx';
import { Field, Input, Select } from '../../../parts/field.tsx';
import { actionTypes } from './completions.ts';
import { ListInput } from './list-input.tsx';
import { FormPart, type ProblemOf } from './form-part.tsx';
import type { Path } from './policy-yaml.ts';
import { asList, asObject, asText } from './values.ts';

interface ActionFieldsProps {
  readonly actions: unknown;
  readonly edit: (path: Path, value: unknown) => void;
  readonly problemOf: ProblemOf;
}

/** What a fresh action of a type needs to say. */
const fresh: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  redact: { style: 'label' },
  set: { argument: '/', value: '' },
  unset: { argument: '/' },
  notice: { text: '' },
  tag: { tags: ['tag'] },
  quarantine: { what: 'tool', minutes: 60 },
};

export function ActionFields({ actions, edit, problemOf }: ActionFieldsProps) {
  const list = Array.isArray(actions) ? actions.map(asObject) : [];
  const setAll = (next: readonly object[]) => edit(['actions'], next);
  return (
    <FormPart title="What happens">
      <ul className="action-list">
        {list.map((action, index) => (
          // An action has no identity but its place.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="action-item">
            <div className="action-head">
              <Field label={`Action ${index + 1}`} error={problemOf(`actions.${index}`)}>
                {(control) => (
                  <Select
                    {...control}
                    value={asText(action['type'])}
                    onChange={(event) => {
                      const type = event.target.value;
                      setAll(list.with(index, { type, ...fresh[type] }));
                    }}
                  >
                    {!actionTypes.some(([type]) => type === action['type']) && (
                      <option value={asText(action['type'])}>{asText(action['type']) || 'Choose one'}</option>
                    )}
                    {actionTypes.map(([type, does]) => (
                      <option key={type} value={type}>{`${type}: ${does}`}</option>
                    ))}
                  </Select>
                )}
              </Field>
              <IconButton
                icon={Trash2}
                size="small"
                label={`Remove action ${index + 1}`}
                onClick={() => setAll(list.filter((_, at) => at !== index))}
              />
            </div>
            <ActionDetail action={action} set={(key, value) => edit(['actions', index, key], value)} />
          </li>
        ))}
      </ul>
      {problemOf('actions') && list.length === 0 && <p className="field-error">{problemOf('actions')}</p>}
      <div>
        <Button size="small" icon={Plus} onClick={() => setAll([...list, { type: 'alert' }])}>
          Add an action
        </Button>
      </div>
    </FormPart>
  );
}

interface ActionDetailProps {
  readonly action: Readonly<Record<string, unknown>>;
  readonly set: (key: string, value: unknown) => void;
}

const styles = ['label', 'mask', 'remove', 'replace', 'hash', 'tokenise'];

function ActionDetail({ action, set }: ActionDetailProps) {
  const line = (key: string, label: string, placeholder = '') => (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          placeholder={placeholder}
          value={asText(action[key])}
          onChange={(event) => set(key, event.target.value || undefined)}
        />
      )}
    </Field>
  );
  const choice = (key: string, label: string, options: readonly string[]) => (
    <Field label={label}>
      {(control) => (
        <Select
          {...control}
          value={asText(action[key]) || options[0]}
          onChange={(event) => set(key, event.target.value)}
        >
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </Select>
      )}
    </Field>
  );
  switch (action['type']) {
    case 'refuse':
      return (
        <div className="action-detail">
          {line('message', 'What the caller reads', 'The policy’s reason')}
          {line('code', 'Code for machines', 'refused_by_policy')}
        </div>
      );
    case 'hold':
      return <div className="action-detail">{line('message', 'What the approver reads', 'The policy’s reason')}</div>;
    case 'redact':
      return (
        <div className="action-detail">
          {choice('style', 'What takes its place', styles)}
          {action['style'] === 'replace' && line('text', 'The text')}
        </div>
      );
    case 'set':
      return (
        <div className="action-detail">
          {line('argument', 'Argument, as a JSON pointer', '/limit')}
          {line('value', 'Value; others than texts are written in the text')}
        </div>
      );
    case 'unset':
      return <div className="action-detail">{line('argument', 'Argument, as a JSON pointer', '/limit')}</div>;
    case 'notice':
      return <div className="action-detail">{line('text', 'What is added to the answer')}</div>;
    case 'alert':
      return <div className="action-detail">{line('title', 'Title', 'The policy’s name')}</div>;
    case 'tag':
      return (
        <div className="action-detail">
          <Field label="Tags">
            {(control) => (
              <ListInput
                {...control}
                placeholder="private"
                values={asList(action['tags'])}
                onChange={(tags) => set('tags', tags)}
              />
            )}
          </Field>
          {choice('of', 'Of', ['message', 'session'])}
        </div>
      );
    case 'quarantine':
      return (
        <div className="action-detail">
          {choice('what', 'Of', ['tool', 'session'])}
          <Field label="Minutes" hint="Left empty it lasts until somebody lifts it.">
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                value={asText(action['minutes'])}
                onChange={(event) => set('minutes', event.target.value === '' ? undefined : Number(event.target.value))}
              />
            )}
          </Field>
        </div>
      );
    default:
      return null;
  }
}
