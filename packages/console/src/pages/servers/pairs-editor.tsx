import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../../parts/button.tsx';
import { FieldGroup, Input } from '../../parts/field.tsx';
import { type Pair, pair, pairsFromText } from './pairs.ts';
import './pairs-editor.css';

interface PairsEditorProps {
  readonly legend: string;
  readonly hint: string;
  /** One row's noun: "variable", "header". */
  readonly noun: string;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
}

/** Names and secret values. Pasting an .env file into a name makes a row of each of its lines. */
export function PairsEditor({ legend, hint, noun, pairs, onChange }: PairsEditorProps) {
  const change = (key: number, part: Partial<Pair>) =>
    onChange(pairs.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <FieldGroup legend={legend}>
      <p className="field-hint">{hint}</p>
      {pairs.map((one, index) => (
        <div key={one.key} className="pair">
          <Input
            mono
            aria-label={`Name of ${noun} ${index + 1}`}
            placeholder="NAME"
            value={one.name}
            readOnly={one.value === null}
            onChange={(event) => change(one.key, { name: event.target.value })}
            onPaste={(event) => {
              const many = pairsFromText(event.clipboardData.getData('text'));
              if (!many || one.name !== '') return;
              event.preventDefault();
              onChange([...pairs.filter((other) => other.key !== one.key), ...many]);
            }}
          />
          <Input
            mono
            type="password"
            autoComplete="new-password"
            aria-label={`Value of ${one.name || `${noun} ${index + 1}`}`}
            placeholder={one.value === null ? 'stored; type to replace' : 'value'}
            value={one.value ?? ''}
            onChange={(event) => change(one.key, { value: event.target.value })}
          />
          <IconButton
            icon={Trash2}
            label={`Remove ${one.name || `${noun} ${index + 1}`}`}
            onClick={() => onChange(pairs.filter((other) => other.key !== one.key))}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon={Plus} onClick={() => onChange([...pairs, pair()])}>
          Add {noun}
        </Button>
      </div>
    </FieldGroup>
  );
}
