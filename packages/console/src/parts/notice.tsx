import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './notice.css';

interface NoticeProps {
  readonly tone?: 'info' | 'warn' | 'bad';
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Announced when it appears. */
  readonly urgent?: boolean;
}

const icons = { info: Info, warn: TriangleAlert, bad: CircleAlert };

export function Notice({ tone = 'info', title, children, actions, urgent = false }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className="notice" data-tone={tone} role={urgent ? 'alert' : undefined}>
      <Icon size={17} aria-hidden="true" />
      <div className="notice-text">
        {title && <p className="notice-title">{title}</p>}
        {children}
      </div>
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}
