// Makes the receiver that a destination names.
import type { Clock } from '@mcpvault/domain/ambient';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import type { OutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import type { Destination } from '@mcpvault/store/audit/destinations-store';
import { createFileReceiver } from './file-receiver.ts';
import { type Receiver, Undelivered } from './receiver.ts';
import { createSyslogReceiver } from './syslog-receiver.ts';
import { createWebhookReceiver } from './webhook-receiver.ts';

export interface ReceiversDeps {
  readonly sealer: Sealer;
  readonly fetch: OutboundFetch;
  readonly rules: OutboundRules;
  readonly clock: Clock;
  readonly folder: string;
  readonly hostname: string;
  readonly version: string;
}

/** What a destination's secret is sealed about. */
export function secretAbout(id: Destination['id']): string {
  return `audit destination ${id}`;
}

/** Throws `Undelivered` when its secret cannot be opened, or a `Failure` when its place may not be reached. */
export function receiverOf(destination: Destination, deps: ReceiversDeps): Receiver {
  const { transport, format } = destination;
  const { sealer, fetch, rules, clock, folder, hostname, version } = deps;
  switch (transport.type) {
    case 'webhook':
      return createWebhookReceiver({
        ...{ destination, url: transport.url, fetch, clock, version },
        secret: secretOf(destination, sealer),
      });
    case 'syslog':
      return createSyslogReceiver({ transport, format, rules, hostname, version });
    case 'file':
      return createFileReceiver({ destination, folder, clock, version });
  }
}

function secretOf({ id, organization, sealed }: Destination, sealer: Sealer): string {
  try {
    if (sealed !== null) return sealer.open(organization, secretAbout(id), sealed.key, sealed.secret).toString();
  } catch {
    // Told below.
  }
  throw new Undelivered('its secret cannot be opened', 'Remove the destination and make it anew.');
}
