import type { ReactNode } from 'react';
import './badge.css';

export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'accent' | 'brass';

export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}

interface StatusDotProps {
  readonly tone: Tone;
  /** What the colour says, in words; shown unless `quiet`, always there for screen readers. */
  readonly label: string;
  readonly quiet?: boolean;
  /** Something is under way. */
  readonly pulsing?: boolean;
}

export function StatusDot({ tone, label, quiet = false, pulsing = false }: StatusDotProps) {
  return (
    <span className="status" data-tone={tone} title={quiet ? label : undefined}>
      <span className="status-dot" data-pulsing={pulsing || undefined} aria-hidden="true" />
      <span className={quiet ? 'visually-hidden' : undefined}>{label}</span>
    </span>
  );
}
