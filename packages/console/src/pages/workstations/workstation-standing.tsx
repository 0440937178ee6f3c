import type { ItemOf } from '../../api/hub.ts';
import { StatusDot, type Tone } from '../../parts/badge.tsx';

export type Workstation = ItemOf<'listWorkstations'>;

const gone: Readonly<Record<string, string>> = { disabled: 'Shut out', revoked: 'Revoked', left: 'Left' };

/** How it stands: shut out or gone, else whether it complies. */
export function Standing({ workstation: { state, report } }: { readonly workstation: Workstation }) {
  const [tone, label] = standing(state, report);
  return <StatusDot tone={tone} label={label} />;
}

function standing(state: string, report: Workstation['report']): readonly [Tone, string] {
  if (state !== 'active') return ['neutral', gone[state] ?? state];
  if (report === null) return ['warn', 'No report yet'];
  if (report.overdue) return ['warn', 'Overdue'];
  if (report.verdict === 'compliant') return ['ok', 'Compliant'];
  if (report.verdict === 'undetermined') return ['warn', 'Cannot be told'];
  return ['bad', 'Not compliant'];
}
