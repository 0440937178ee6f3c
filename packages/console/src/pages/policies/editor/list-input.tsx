import { useEffect, useState } from 'react';
import { type ControlProps, Input } from '../../../parts/field.tsx';

interface ListInputProps extends ControlProps {
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
  readonly placeholder: string;
}

/** Names with commas between; what is typed stays as it is typed until something else changes the list. */
export function ListInput({ values, onChange, ...rest }: ListInputProps) {
  const [typed, setTyped] = useState(values.join(', '));
  const known = values.join('\n');
  useEffect(() => {
    setTyped((now) => (split(now).join('\n') === known ? now : known.split('\n').join(', ')));
  }, [known]);
  return (
    <Input
      {...rest}
      mono
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(split(event.target.value));
      }}
    />
  );
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
