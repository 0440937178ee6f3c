// Notifications to a web address, each signed as Standard Webhooks have it. Only a 2xx says that it was taken.
import type { Clock } from '@mcpvault/domain/ambient';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import { webhookHeaders } from '@mcpvault/domain/audit/formats/webhook-signature';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { refusedAnswer } from '../../audit/destinations/refused-answer.ts';
import type { Carrier } from './carrier.ts';

export interface WebhookCarrierDeps {
  readonly url: string;
  readonly secret: string;
  /** Of the route: the same notification to another route is another delivery. */
  readonly route: string;
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly version: string;
  /** Of the console. */
  readonly consoleUrl: string;
}

export function createWebhookCarrier(deps: WebhookCarrierDeps): Carrier {
  const { url, secret, route, fetch, clock, version, consoleUrl } = deps;
  return {
    atOnce: 1,
    pauseMs: 0,
    async send(told) {
      for (const one of told) {
        const body = bodyOf(one, consoleUrl);
        // The same at each try, so that a receiver can leave out what it has already.
        const headers = {
          'content-type': 'application/json',
          'user-agent': `MCPVault/${version}`,
          ...webhookHeaders(`${route}.${one.id}`, clock.now(), body, secret),
        };
        const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
        if (answer.status < 200 || answer.status > 299) throw refusedAnswer(answer, clock.now());
      }
    },
  };
}

function bodyOf(told: Notification, consoleUrl: string): string {
  const { id, type, at, organization, severity, title, text, policy, server, alert, link, data } = told;
  return JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: {
      ...{ ...data, id, organization, severity, title, text, policy, server, alert },
      url: link === null ? null : `${consoleUrl}${link}`,
    },
  });
}
