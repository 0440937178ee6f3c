import type { Output } from '../../api/hub.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';

export type Connection = Output<'getConnection'>;

const looks: Readonly<Record<Connection['state'], readonly [Tone, string]>> = {
  missing: ['neutral', 'Not connected'],
  connected: ['ok', 'Connected'],
  expiring: ['warn', 'Expiring'],
  broken: ['bad', 'Broken'],
};

export function ConnectionState({ connection }: { readonly connection: Connection }) {
  const [tone, words] = looks[connection.state];
  return <Badge tone={tone}>{words}</Badge>;
}

/** What the button says that leads to the sign-in. */
export function connectLabel({ state, wanted }: Connection): string {
  if (state === 'missing') return 'Connect';
  return wanted.length > 0 && state !== 'broken' ? 'Allow more' : 'Reconnect';
}
