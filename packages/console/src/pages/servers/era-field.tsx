import { FieldGroup, Radio } from '../../parts/field.tsx';
import { type Era, eras } from './transport-draft.ts';

const hints: Readonly<Record<Era, string>> = {
  auto: 'The server is asked, and asked again now and then. Clients of either era reach it in any case.',
  legacy: 'It is always spoken to with initialize and a session.',
  modern: 'It is always spoken to without a session.',
};

interface EraFieldProps {
  readonly value: Era;
  readonly onChange: (value: Era) => void;
}

export function EraField({ value, onChange }: EraFieldProps) {
  return (
    <FieldGroup legend="Revisions of the protocol that it speaks">
      {eras.map((era) => (
        <Radio
          key={era.value}
          name="era"
          label={era.label}
          hint={hints[era.value]}
          checked={value === era.value}
          onChange={() => onChange(era.value)}
        />
      ))}
    </FieldGroup>
  );
}
