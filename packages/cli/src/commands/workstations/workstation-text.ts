import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import type { Tone } from '../../output/style.ts';
import { safeLine } from '../../output/safe-text.ts';
import type { Column } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';

type Workstation = OutputOf<Operations['listWorkstations']>['items'][number];

/** How it stands: shut out or gone, else whether it complies. */
export function standingOf({ state, report }: Workstation): { readonly text: string; readonly tone: Tone } {
  if (state !== 'active') return { text: state, tone: 'dim' };
  if (report === null) return { text: 'no report yet', tone: 'yellow' };
  if (report.overdue) return { text: 'overdue', tone: 'yellow' };
  if (report.verdict === 'compliant') return { text: 'compliant', tone: 'green' };
  if (report.verdict === 'undetermined') return { text: 'undetermined', tone: 'yellow' };
  return { text: 'not compliant', tone: 'red' };
}

export function workstationColumns(now: number): readonly Column<Workstation>[] {
  return [
    { header: 'ID', value: ({ id }) => id },
    { header: 'NAME', value: ({ name }) => safeLine(name), shrinks: true },
    { header: 'MEMBER', value: ({ member }) => member.email, shrinks: true },
    { header: 'STANDS', value: (one) => standingOf(one).text, tone: (one) => standingOf(one).tone },
    { header: 'SERVERS', value: ({ report }) => String(report?.judged.counts.servers ?? ''), align: 'right' },
    { header: 'SYSTEM', value: ({ platform }) => platform },
    { header: 'AGENT', value: ({ agentVersion }) => safeLine(agentVersion) },
    { header: 'SEEN', value: ({ online, lastSeenAt }) => (online ? 'now' : relativeTime(lastSeenAt, now)) },
  ];
}
