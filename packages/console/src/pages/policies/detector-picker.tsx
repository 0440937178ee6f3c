import { Checkbox, FieldGroup } from '../../parts/field.tsx';
import { type Detector, groupName } from './policy-words.ts';

interface DetectorPickerProps {
  readonly detectors: readonly Detector[];
  /** Ids, or names of groups that stand for all of theirs. */
  readonly chosen: readonly string[];
  readonly error: string | null;
  readonly onChange: (chosen: string[]) => void;
}

/** Whole groups, which grow with the product, or single detectors. */
export function DetectorPicker({ detectors, chosen, error, onChange }: DetectorPickerProps) {
  const groups = [...new Set(detectors.map((detector) => detector.group))];
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <FieldGroup legend="What it looks for">
      <div className="detectors" role="group" aria-label="Detectors" tabIndex={0}>
        {groups.map((group) => {
          const members = detectors.filter((detector) => detector.group === group);
          const all = chosen.includes(group);
          return (
            <div key={group} className="detector-group">
              <Checkbox
                label={`All ${groupName(group)}`}
                hint={
                  members.length === 1
                    ? members[0]?.description
                    : `${members.length} kinds today; later ones join by themselves.`
                }
                checked={all}
                onChange={(event) => {
                  const ids = new Set(members.map((member) => member.id));
                  const rest = chosen.filter((one) => one !== group && !ids.has(one));
                  onChange(event.target.checked ? [...rest, group] : rest);
                }}
              />
              {!all && members.length > 1 && (
                <div>
                  {members.map((detector) => (
                    <Checkbox
                      key={detector.id}
                      label={detector.title}
                      hint={detector.description}
                      checked={chosen.includes(detector.id)}
                      onChange={(event) => toggle(detector.id, event.target.checked)}
                    />
                  ))}
                </div>
              )}
            </div>
          );
        })}
      </div>
      {error && <p className="field-error">{error}</p>}
    </FieldGroup>
  );
}
