// A route in a few words.
import type { AlertRoute } from './route-list.tsx';

export function placeOf(transport: AlertRoute['transport']): string {
  switch (transport.type) {
    case 'webhook':
      return transport.url;
    case 'slack':
      return `Slack at ${transport.host}`;
    case 'chat':
      return `chat at ${transport.host}`;
    case 'email':
      return [...transport.to, ...(transport.people ? ['those whom it concerns'] : [])].join(', ');
  }
}

export function filterWords({ filter, afterMinutes }: Pick<AlertRoute, 'filter' | 'afterMinutes'>): string {
  const { types, severity, policies, servers } = filter;
  const parts = [
    severity === 'info' ? 'every severity' : `${severity} and up`,
    types !== null && types.map((type) => type.replace('.', ' ')).join(', '),
    policies !== null && `${policies.length} ${policies.length === 1 ? 'policy' : 'policies'}`,
    servers !== null && `${servers.length} ${servers.length === 1 ? 'server' : 'servers'}`,
    afterMinutes > 0 && `when nobody was at it after ${afterMinutes} min`,
  ];
  return parts.filter((part) => part !== false).join('; ');
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export function quietWords(quiet: AlertRoute['quiet']): string | null {
  if (quiet === null) return null;
  const on = quiet.days === null ? '' : ` on ${quiet.days.map((day) => days[day]).join(', ')}`;
  const unless = quiet.unless === null ? '' : `, but for ${quiet.unless}`;
  return `Quiet from ${quiet.from} to ${quiet.to}${on} (${quiet.timeZone})${unless}`;
}
