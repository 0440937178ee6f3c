import { Menu as Base } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import './menu.css';

export interface MenuAction {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  /** The element that opens the menu; it keeps its own accessible name. */
  readonly trigger: ReactElement;
  /** `null` draws a line between groups. */
  readonly actions: readonly (MenuAction | null)[];
  readonly side?: 'top' | 'bottom';
}

export function Menu({ trigger, actions, side = 'bottom' }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="menu-place" sideOffset={5} side={side} align="end">
          <Base.Popup className="menu">
            {actions.map((action, index) =>
              action === null ? (
                // The position is the line's only identity.
                // oxlint-disable-next-line react/no-array-index-key
                <Base.Separator key={`line-${index}`} className="menu-line" />
              ) : (
                <Base.Item
                  key={action.label}
                  className="menu-item"
                  data-danger={action.danger || undefined}
                  disabled={action.disabled}
                  onClick={action.onSelect}
                >
                  {action.icon && <action.icon size={15} aria-hidden="true" />}
                  {action.label}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
