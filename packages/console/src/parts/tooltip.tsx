import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import { Keys } from './keys.tsx';
import './tooltip.css';

interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string | undefined;
  /** One focusable element; it keeps its own accessible name. */
  readonly children: ReactElement;
}

export function Tooltip({ text, shortcut, children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="tooltip-place">
          <Base.Popup className="tooltip">
            {text}
            {shortcut && <Keys of={shortcut} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export const TooltipProvider = Base.Provider;
