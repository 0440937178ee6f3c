import type { Output } from '../../api/hub.ts';
import { FieldGroup, Radio } from '../../parts/field.tsx';

export type Isolation = Output<'getServer'>['isolation'];

const isolations: readonly (readonly [Isolation, string, string])[] = [
  [
    'per-session',
    'One process for each session',
    'The safe choice: conversations never share anything. Costs a process for every open session.',
  ],
  [
    'per-member',
    'One process for each member',
    'For servers that keep a person’s state, such as a memory. All clients of one member share it.',
  ],
  [
    'per-organization',
    'One process for the organization',
    'For servers that are meant to be used by many and keep people apart themselves, or share on purpose.',
  ],
  [
    'shared',
    'Shared and pooled',
    'Only for servers that keep nothing between calls. The fewest processes, the fastest.',
  ],
];

interface IsolationFieldProps {
  readonly value: Isolation;
  readonly onChange: (value: Isolation) => void;
}

export function IsolationField({ value, onChange }: IsolationFieldProps) {
  return (
    <FieldGroup legend="Who shares a process">
      {isolations.map(([isolation, label, hint]) => (
        <Radio
          key={isolation}
          name="isolation"
          label={label}
          hint={hint}
          checked={value === isolation}
          onChange={() => onChange(isolation)}
        />
      ))}
    </FieldGroup>
  );
}
