import { StatusDot, type Tone } from '../../parts/badge.tsx';
import type { AlertState, Severity } from './alert-search.ts';

const tones: Readonly<Record<Severity, Tone>> = {
  info: 'neutral',
  low: 'neutral',
  medium: 'warn',
  high: 'bad',
  critical: 'bad',
};

export function SeverityDot({ severity }: { readonly severity: Severity }) {
  return <StatusDot tone={tones[severity]} label={severity} pulsing={severity === 'critical'} />;
}

export const stateTones: Readonly<Record<AlertState, Tone>> = {
  open: 'warn',
  acknowledged: 'accent',
  resolved: 'ok',
  dismissed: 'neutral',
};
