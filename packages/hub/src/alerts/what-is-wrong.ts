// What is wrong with an organization and its hubs, as alerts for the inbox. Pure: what it is told decides what it says, so that
// the same trouble is the same alert at each look, on each hub.
import { X509Certificate } from 'node:crypto';
import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Severity } from '@mcpvault/domain/policy/policy';
import type { Troubles } from '@mcpvault/store/alerts/troubles-view';
import type { HubNode } from '@mcpvault/store/hub-nodes-store';

export interface Circumstances {
  readonly organization: OrganizationId;
  readonly troubles: Troubles;
  readonly hubs: readonly HubNode[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const day = 86_400_000;
/** A hub that was not seen for so long is gone; one that stops in order says so. */
export const goneAfter = 60_000;
export const endsSoon = 7 * day;

interface Wrong {
  readonly likeness: string;
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  readonly fix: string | null;
  readonly about?: Partial<Pick<RaisedAlert, 'server' | 'member'>>;
}

export function whatIsWrong({ organization, troubles, hubs, now }: Circumstances): readonly RaisedAlert[] {
  const wrong = [
    ...serversAway(troubles),
    ...notDelivered(troubles),
    ...connectionsEnding(troubles, now),
    ...credentialsEnding(troubles, now),
    ...authoritiesEnding(troubles, now),
    ...hubsInTrouble(hubs, now),
  ];
  return wrong.map(({ likeness, severity, title, text, fix, about }) => ({
    ...{ organization, severity, title, likeness, at: now, kind: 'operational', layer: 'hub' },
    ...{ policy: null, server: null, tool: null, member: null, message: null, ...about },
    snapshot: {
      ...{ policy: null, findings: {}, detectors: [], places: [], edits: [], message: null, text, fix, lasts: true },
    },
  }));
}

function serversAway({ servers }: Troubles): readonly Wrong[] {
  return servers.map(({ id, name, reason, fix }) => ({
    ...{ likeness: `server ${id}`, severity: 'high', title: `The server ${name} does not answer` },
    ...{ text: reason ?? 'It did not answer.', fix, about: { server: id } },
  }));
}

function notDelivered({ deliveries }: Troubles): readonly Wrong[] {
  return deliveries.map(({ id, kind, name, failures, failure, fix, isOff }) => {
    const what = kind === 'destination' ? 'Audit events' : 'Alerts';
    const title = isOff ? `${what} are not sent to ${name} any more` : `${what} do not arrive at ${name}`;
    const text = isOff
      ? `It was turned off: ${failure}.`
      : `${failure}. Tried ${failures < 10 ? 'several' : 'many'} times; it goes on.`;
    return { likeness: `${kind} ${id}`, severity: 'high', title, text, fix };
  });
}

function connectionsEnding({ connections }: Troubles, now: number): readonly Wrong[] {
  return connections.map(({ server, name, reason, endsAt }) => ({
    likeness: `connection ${server} ${endsAt === null ? 'broken' : 'ending'}`,
    severity: endsAt === null ? 'high' : 'medium',
    title: endsAt === null ? `The sign-in at ${name} is broken` : `The sign-in at ${name} ends ${within(endsAt, now)}`,
    text: endsAt === null ? (reason ?? 'It is not taken any more.') : 'It cannot renew itself.',
    fix: 'Connect the server again.',
    about: { server },
  }));
}

function credentialsEnding({ credentials }: Troubles, now: number): readonly Wrong[] {
  return credentials.map(({ id, kind, name, member, endsAt }) => ({
    likeness: `credential ${id}`,
    severity: endsAt - now < day ? 'high' : 'medium',
    title:
      kind === 'key'
        ? `The key ${name} ends ${within(endsAt, now)}`
        : `The provisioning token ${name} ends ${within(endsAt, now)}`,
    text: 'What uses it stops working then.',
    fix:
      kind === 'key' ? 'Rotate it: mcpvault tokens rotate.' : 'Make another one, and give it to the identity provider.',
    about: { member },
  }));
}

function authoritiesEnding({ authorities }: Troubles, now: number): readonly Wrong[] {
  return authorities.flatMap(({ id, name, ca }) => {
    const endsAt = endOf(ca);
    if (endsAt === null || endsAt - now > 2 * endsSoon) return [];
    const title =
      endsAt <= now
        ? `The certificate for ${name} has ended`
        : `The certificate for ${name} ends ${within(endsAt, now)}`;
    const text = 'It is the one that the destination of audit events is told to trust.';
    const severity = endsAt <= now ? 'high' : 'medium';
    return [
      { likeness: `certificate ${id}`, severity, title, text, fix: 'Give the destination the next certificate.' },
    ];
  });
}

function hubsInTrouble(hubs: readonly HubNode[], now: number): readonly Wrong[] {
  return hubs.flatMap(({ id, name, seenAt, troubles }): readonly Wrong[] => {
    if (now - seenAt < goneAfter) {
      return troubles.map(({ code, ...said }) => ({
        likeness: `hub ${id} ${code}`,
        ...said,
        title: `${said.title} (hub ${name})`,
      }));
    }
    const text =
      'It did not stop in order, and says nothing any more. What it had not yet written down lies in its data folder.';
    const title = `The hub on ${name} is gone`;
    return [
      { likeness: `hub ${id} gone`, severity: 'critical', title, text, fix: 'Start it again, or look at its machine.' },
    ];
  });
}

/** null for what is no certificate. */
function endOf(pem: string): number | null {
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return null;
  }
}

function within(at: number, now: number): string {
  const days = Math.ceil((at - now) / day);
  return days <= 1 ? 'within a day' : `within ${days <= 7 ? 'a week' : 'two weeks'}`;
}
