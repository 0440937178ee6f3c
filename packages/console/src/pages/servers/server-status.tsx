import type { ItemOf } from '../../api/hub.ts';
import { StatusDot, type Tone } from '../../parts/badge.tsx';

export type Server = ItemOf<'listServers'>;

const looks: Readonly<Record<Server['status'], { readonly tone: Tone; readonly label: string }>> = {
  ready: { tone: 'ok', label: 'Ready' },
  connecting: { tone: 'warn', label: 'Connecting…' },
  unavailable: { tone: 'bad', label: 'Unavailable' },
  disabled: { tone: 'neutral', label: 'Disabled' },
};

export function ServerStatus({ server }: { readonly server: Pick<Server, 'status'> }) {
  const { tone, label } = looks[server.status];
  return <StatusDot tone={tone} label={label} pulsing={server.status === 'connecting'} />;
}
