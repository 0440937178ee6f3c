import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { Tooltip } from './tooltip.tsx';
import './button.css';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';
type Size = 'small' | 'medium';

interface Look {
  readonly kind?: Kind;
  readonly size?: Size;
}

/** For a link that looks like a button: `<Link {...buttonLook({ kind: 'primary' })} …>`. */
export function buttonLook({ kind = 'plain', size = 'medium' }: Look = {}) {
  return { className: 'button', 'data-kind': kind, 'data-size': size };
}

interface ButtonProps extends Look, Omit<ComponentProps<'button'>, 'className'> {
  readonly icon?: LucideIcon;
  /** Work is under way: the button stays focusable, says so, and does nothing more. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

export function Button({ kind, size, icon: Icon, busy = false, children, onClick, type, ...rest }: ButtonProps) {
  return (
    <button
      {...buttonLook({ kind, size })}
      {...rest}
      type={type ?? 'button'}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {Icon && <Icon size={15} aria-hidden="true" />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Look, Omit<ComponentProps<'button'>, 'className' | 'children'> {
  readonly icon: LucideIcon;
  /** The accessible name, and the tooltip. */
  readonly label: string;
  /** Shown in the tooltip beside the label. */
  readonly shortcut?: string;
}

export function IconButton({ icon: Icon, label, shortcut, kind = 'quiet', size, type, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button {...buttonLook({ kind, size })} data-icon-only="" {...rest} type={type ?? 'button'} aria-label={label}>
        <Icon size={16} aria-hidden="true" />
      </button>
    </Tooltip>
  );
}
