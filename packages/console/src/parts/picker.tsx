import { Combobox } from '@base-ui/react/combobox';
import { Check } from 'lucide-react';
import './picker.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** A second line of help in choosing: an e-mail address. */
  readonly detail?: string | undefined;
}

interface PickerProps {
  /** From the field around it. */
  readonly id?: string;
  readonly label?: string;
  readonly choices: readonly Choice[];
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly placeholder?: string;
}

/** One of many, found by typing. Esc closes the list, and never takes back what was chosen. */
export function Picker({ id, label, choices, value, onChange, placeholder }: PickerProps) {
  const chosen = choices.find((choice) => choice.value === value) ?? null;
  return (
    <Combobox.Root
      items={choices}
      value={chosen}
      onValueChange={(next, { reason }) => reason !== 'escape-key' && onChange(next?.value ?? null)}
      itemToStringLabel={(choice) => choice.label}
      isItemEqualToValue={(one, other) => one.value === other.value}
      filter={(choice, query) =>
        `${choice.label} ${choice.detail ?? ''}`.toLowerCase().includes(query.trim().toLowerCase())
      }
      autoHighlight
    >
      <Combobox.Input id={id} aria-label={label} placeholder={placeholder} className="control" autoComplete="off" />
      <PickerList />
    </Combobox.Root>
  );
}

interface MultiPickerProps {
  readonly id?: string;
  readonly choices: readonly Choice[];
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
  readonly placeholder?: string;
}

/** Any number of many, shown as chips. */
export function MultiPicker({ id, choices, values, onChange, placeholder }: MultiPickerProps) {
  const known = new Map(choices.map((choice) => [choice.value, choice]));
  const chosen = values.map((value) => known.get(value) ?? { value, label: value });
  return (
    <Combobox.Root
      items={choices}
      multiple
      value={chosen}
      onValueChange={(next: Choice[], { reason }) =>
        reason !== 'escape-key' && onChange(next.map((choice) => choice.value))
      }
      itemToStringLabel={(choice) => choice.label}
      isItemEqualToValue={(one, other) => one.value === other.value}
      filter={(choice, query) =>
        `${choice.label} ${choice.detail ?? ''}`.toLowerCase().includes(query.trim().toLowerCase())
      }
    >
      <Combobox.Chips className="chips control">
        {chosen.map((choice) => (
          <Combobox.Chip key={choice.value} className="chip">
            {choice.label}
            <Combobox.ChipRemove className="chip-remove" aria-label={`Remove ${choice.label}`}>
              ×
            </Combobox.ChipRemove>
          </Combobox.Chip>
        ))}
        <Combobox.Input
          id={id}
          placeholder={chosen.length === 0 ? placeholder : ''}
          className="chips-input"
          autoComplete="off"
        />
      </Combobox.Chips>
      <PickerList />
    </Combobox.Root>
  );
}

function PickerList() {
  return (
    <Combobox.Portal>
      <Combobox.Positioner className="menu-place" sideOffset={4}>
        <Combobox.Popup className="menu picker">
          <Combobox.Empty className="picker-empty">Nothing matches.</Combobox.Empty>
          <Combobox.List>
            {(choice: Choice) => (
              <Combobox.Item key={choice.value} value={choice} className="menu-item">
                <span className="picker-label">
                  <span className="clip">{choice.label}</span>
                  {choice.detail && <span className="clip faint">{choice.detail}</span>}
                </span>
                <Combobox.ItemIndicator>
                  <Check size={14} aria-hidden="true" />
                </Combobox.ItemIndicator>
              </Combobox.Item>
            )}
          </Combobox.List>
        </Combobox.Popup>
      </Combobox.Positioner>
    </Combobox.Portal>
  );
}
