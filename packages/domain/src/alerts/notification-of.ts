import type { ServerId } from '../ids.ts';
import type { AlertId, RaisedAlert } from './alert.ts';
import type { Notification, NotificationId } from './notification.ts';

/** What routes are told of an alert. `over`: it has ended by itself. */
export function notificationOf(
  raised: RaisedAlert,
  alert: AlertId,
  id: NotificationId,
  type: 'alert.raised' | 'alert.resolved',
): Notification {
  const { organization, at, severity, kind, layer, policy, server, tool, member, message, snapshot } = raised;
  const { findings, places, edits, text, fix, message: about } = snapshot;
  return {
    ...{ id, organization, type, at, severity, alert },
    title: type === 'alert.raised' ? raised.title : `Over: ${raised.title}`,
    text: wordsOf(raised),
    policy: policy === null ? null : { id: policy, name: snapshot.policy?.name ?? policy },
    server: server === null ? null : { id: server as ServerId, name: about?.serverName ?? server },
    people: [],
    link: `/alerts/${alert}`,
    data: {
      alert,
      kind,
      layer,
      severity,
      policy: snapshot.policy,
      tool,
      member,
      message,
      findings,
      places,
      edits,
      text,
      fix,
    },
  };
}

function wordsOf({ tool, snapshot }: RaisedAlert): string {
  const { policy, findings, message, text, fix } = snapshot;
  const found = Object.entries(findings).map(([detector, count]) => `${detector} (${count})`);
  const lines = [
    message === null ? null : `${tool ?? message.method} on ${message.serverName ?? 'no server'}: ${message.did}`,
    found.length === 0 ? null : `Found: ${found.join(', ')}`,
    policy === null ? null : `Policy: ${policy.name}, version ${policy.version}`,
    text === '' ? null : text,
    fix,
  ];
  return lines.filter((line) => line !== null).join('\n');
}
