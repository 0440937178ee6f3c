import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { IconButton } from './button.tsx';
import './dialog.css';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: 'small' | 'medium' | 'large';
  /** Buttons, the primary one last. */
  readonly footer?: ReactNode;
  readonly children?: ReactNode;
}

/** Modal; takes the whole screen on a phone. Esc and a press outside close it. */
export function Dialog({ open, onClose, title, description, size = 'medium', footer, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  // The first field, where there is one to fill in; but a finger would only call up the keyboard.
  const firstField = (opened: string) =>
    (opened === 'touch' ? null : popup.current?.querySelector<HTMLElement>(fields)) ?? popup.current;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="dialog-place">
          <Base.Popup ref={popup} className="dialog" data-size={size} initialFocus={firstField}>
            <header className="dialog-head">
              <Base.Title className="dialog-title">{title}</Base.Title>
              <Base.Close render={<IconButton icon={X} label="Close" size="small" />} />
            </header>
            <div className="dialog-body">
              {description && <Base.Description className="dialog-text">{description}</Base.Description>}
              {children}
            </div>
            {footer && <footer className="dialog-foot">{footer}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

const fields = '.dialog-body :is(input:not([type="radio"], [type="checkbox"]), textarea, select)';

interface DrawerProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
}

/** A modal sheet from the bottom edge: the rest of the navigation at phone width. */
export function Drawer({ open, onClose, title, children }: DrawerProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className="drawer">
          <Base.Title className="visually-hidden">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
