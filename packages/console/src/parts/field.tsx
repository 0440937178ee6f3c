import { type ComponentProps, type ReactNode, useId } from 'react';
import './field.css';

/** What a control inside a field needs so that label, hint and error belong to it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly required: true | undefined;
}

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  readonly required?: boolean;
  /** Beside the label, at the end of the line. */
  readonly aside?: ReactNode;
  readonly children: (control: ControlProps) => ReactNode;
}

export function Field({ label, hint, error, required = false, aside, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id}>{label}</label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
        required: required || undefined,
      })}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function Input({ mono = false, ...rest }: ComponentProps<'input'> & { readonly mono?: boolean }) {
  return <input className="control" data-mono={mono || undefined} autoComplete="off" spellCheck={false} {...rest} />;
}

export function TextArea({ mono = false, ...rest }: ComponentProps<'textarea'> & { readonly mono?: boolean }) {
  return <textarea className="control" data-mono={mono || undefined} spellCheck={false} rows={4} {...rest} />;
}

/** A native select: searchable by typing, and at home on every phone. */
export function Select({ children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className="select">
      <select className="control" {...rest}>
        {children}
      </select>
    </span>
  );
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'className'> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
}

export function Checkbox({ label, hint, ...rest }: CheckboxProps) {
  return <Choice type="checkbox" label={label} hint={hint} {...rest} />;
}

export function Radio({ label, hint, ...rest }: CheckboxProps) {
  return <Choice type="radio" label={label} hint={hint} {...rest} />;
}

function Choice({ label, hint, ...rest }: CheckboxProps & { readonly type: 'checkbox' | 'radio' }) {
  const id = useId();
  return (
    <div className="choice">
      <input id={id} aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  /** The label is said but not shown. */
  readonly quiet?: boolean;
}

export function Switch({ label, checked, onChange, disabled, quiet = false }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={checked}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <span className="switch-track" aria-hidden="true" />
      <span className={quiet ? 'visually-hidden' : undefined}>{label}</span>
    </button>
  );
}

export function FieldGroup({ legend, children }: { readonly legend: string; readonly children: ReactNode }) {
  return (
    <fieldset className="field-group">
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}
