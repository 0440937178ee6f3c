import { Field, Input } from './field.tsx';

interface CodeFieldProps {
  readonly value: string;
  readonly onChange: (code: string) => void;
}

/** For a code of an authenticator app, or a recovery code. */
export function CodeField({ value, onChange }: CodeFieldProps) {
  return (
    <Field label="Code" required hint="Six digits of the authenticator app, or a recovery code.">
      {(control) => (
        <Input
          {...control}
          mono
          autoFocus
          autoComplete="one-time-code"
          maxLength={40}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
