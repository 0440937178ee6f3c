// Audit events to a web address, signed as Standard Webhooks have it. Only a 2xx says that they were taken; a redirect is not
// followed, since whoever gets them was named by an admin.
import { createHash } from 'node:crypto';
import type { Clock } from '@mcpvault/domain/ambient';
import type { AuditEvent } from '@mcpvault/domain/audit/formats/audit-event';
import { ocsfEvent } from '@mcpvault/domain/audit/formats/ocsf';
import { webhookHeaders } from '@mcpvault/domain/audit/formats/webhook-signature';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import type { Destination } from '@mcpvault/store/audit/destinations-store';
import { headOf, type Receiver, textOf } from './receiver.ts';
import { refusedAnswer } from './refused-answer.ts';

export interface WebhookReceiverDeps {
  readonly destination: Pick<Destination, 'id' | 'organization' | 'format'>;
  readonly url: string;
  readonly secret: string;
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly version: string;
}

export function createWebhookReceiver(deps: WebhookReceiverDeps): Receiver {
  const { destination, url, secret, fetch, clock, version } = deps;
  return {
    atOnce: 100,
    async send(events) {
      const body = bodyOf(destination, events, version);
      // Of the same events the same id, so that a receiver can leave out what it has already.
      const id = `${destination.id}.${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
      const headers = {
        'content-type': 'application/json',
        'user-agent': `MCPVault/${version}`,
        ...webhookHeaders(id, clock.now(), body, secret),
      };
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
      if (answer.status < 200 || answer.status > 299) throw refusedAnswer(answer, clock.now());
    },
  };
}

function bodyOf(
  { organization, format }: WebhookReceiverDeps['destination'],
  events: readonly AuditEvent[],
  version: string,
) {
  const last = events.reduce((latest, { at }) => Math.max(latest, at), 0);
  const data = {
    organization,
    format,
    ...(format === 'csv'
      ? { csv: headOf(format) + events.map((event) => `${textOf(event, format, version)}\r\n`).join('') }
      : { events: events.map((event) => (format === 'ocsf' ? ocsfEvent(event, version) : event.line)) }),
  };
  return JSON.stringify({ type: 'audit.events', timestamp: new Date(last).toISOString(), data });
}
