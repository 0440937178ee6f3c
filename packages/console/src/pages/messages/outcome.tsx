import { StatusDot, type Tone } from '../../parts/badge.tsx';
import type { Outcome } from './message-search.ts';

export const outcomeLooks: Readonly<
  Record<Outcome, { readonly tone: Tone; readonly label: string; readonly meaning: string }>
> = {
  answered: { tone: 'ok', label: 'Answered', meaning: 'A result reached the caller.' },
  tool_error: { tone: 'warn', label: 'Tool error', meaning: 'The tool ran and said that it failed.' },
  error: { tone: 'bad', label: 'Error', meaning: 'The server answered with an error.' },
  refused: { tone: 'warn', label: 'Refused', meaning: 'MCPVault said no.' },
  failed: { tone: 'bad', label: 'Failed', meaning: 'No usable answer came.' },
  cancelled: { tone: 'neutral', label: 'Cancelled', meaning: 'The caller gave up.' },
  sent: { tone: 'neutral', label: 'Sent', meaning: 'A notification, which has no answer.' },
};

export function OutcomeDot({ outcome, quiet }: { readonly outcome: Outcome; readonly quiet?: boolean }) {
  const { tone, label } = outcomeLooks[outcome];
  return <StatusDot tone={tone} label={label} quiet={quiet} />;
}
