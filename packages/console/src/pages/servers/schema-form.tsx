import { Field, Input, Select, TextArea } from '../../parts/field.tsx';
import type { Draft, Drafts, FormField } from './form-from-schema.ts';

interface SchemaFormProps {
  readonly fields: readonly FormField[];
  readonly drafts: Drafts;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (drafts: Drafts) => void;
  /** Of the group that these fields are in: `options.`. */
  readonly path?: string;
}

export function SchemaForm({ fields, drafts, errors, onChange, path = '' }: SchemaFormProps) {
  if (fields.length === 0 && path === '') return <p className="soft">This tool takes no arguments.</p>;
  return fields.map((field) => {
    const draft = drafts[field.name] ?? field.initial;
    const set = (next: Draft) => onChange({ ...drafts, [field.name]: next });
    if (field.kind === 'group') {
      return (
        <fieldset key={field.name} className="try-group">
          <legend className="mono">{field.label}</legend>
          {field.description && <p className="field-hint">{field.description}</p>}
          <SchemaForm
            fields={field.fields}
            drafts={typeof draft === 'object' && draft !== null ? draft : {}}
            errors={errors}
            onChange={set}
            path={`${path}${field.name}.`}
          />
        </fieldset>
      );
    }
    return (
      <Field
        key={field.name}
        label={<span className="mono">{field.label}</span>}
        hint={field.description}
        error={errors[path + field.name]}
        aside={<span className="faint">{aside(field)}</span>}
      >
        {({ required: _, ...control }) => <Control field={field} draft={draft} control={control} onChange={set} />}
      </Field>
    );
  });
}

function aside(field: FormField): string {
  const kind = { text: '', number: 'number', switch: '', choice: '', lines: 'one a line', json: 'JSON', group: '' }[
    field.kind
  ];
  const whole = field.kind === 'number' && field.whole ? 'whole number' : kind;
  return [whole, field.required ? 'needed' : ''].filter(Boolean).join(', ');
}

interface ControlProps {
  readonly field: Exclude<FormField, { readonly kind: 'group' }>;
  readonly draft: Draft;
  readonly control: { readonly id: string };
  readonly onChange: (draft: Draft) => void;
}

function Control({ field, draft, control, onChange }: ControlProps) {
  const text = typeof draft === 'string' ? draft : '';
  switch (field.kind) {
    case 'text':
      return field.long ? (
        <TextArea
          {...control}
          rows={2}
          placeholder={field.placeholder}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <Input
          {...control}
          placeholder={field.placeholder}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'number':
      return (
        <Input
          {...control}
          inputMode={field.whole ? 'numeric' : 'decimal'}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'switch':
      return (
        <Select
          {...control}
          value={typeof draft === 'boolean' ? String(draft) : ''}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value === 'true')}
        >
          {!field.required && <option value="">left out</option>}
          <option value="true">true</option>
          <option value="false">false</option>
        </Select>
      );
    case 'choice':
      return (
        <Select {...control} value={text} onChange={(event) => onChange(event.target.value)}>
          <option value="">{field.required ? 'Choose…' : 'left out'}</option>
          {field.choices.map((choice, index) => (
            <option key={choice.label} value={index}>
              {choice.label}
            </option>
          ))}
        </Select>
      );
    default:
      return (
        <TextArea
          {...control}
          mono
          rows={field.kind === 'json' ? 5 : 3}
          placeholder={field.kind === 'json' ? '{ }' : ''}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
