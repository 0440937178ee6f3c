// Makes the carrier that a route names.
import type { Clock } from '@mcpvault/domain/ambient';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import type { AlertRouteId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import type { AlertRoute } from '@mcpvault/store/alerts/routes-store';
import type { Stores } from '@mcpvault/store/stores';
import { Undelivered } from '../../audit/destinations/receiver.ts';
import type { Carrier } from './carrier.ts';
import { createChatCarrier } from './chat-carrier.ts';
import { createMailCarrier } from './mail-carrier.ts';
import type { MailServer } from './mail-server.ts';
import { createWebhookCarrier } from './webhook-carrier.ts';

export interface CarriersDeps {
  readonly sealer: Sealer;
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly version: string;
  readonly consoleUrl: string;
  /** null where the operator of the hub named none. */
  readonly mail: { readonly server: MailServer; readonly from: string } | null;
  readonly stores: Pick<Stores, 'members'>;
}

/** What a route’s secret is sealed about: what signs, or the address itself. */
export function routeSecretAbout(id: AlertRouteId): string {
  return `alert route ${id}`;
}

/** Throws `Undelivered` when its secret cannot be opened, or no mail can be sent. */
export function carrierOf(route: AlertRoute, deps: CarriersDeps): Carrier {
  const { transport, id, organization } = route;
  const { sealer, fetch, clock, version, consoleUrl, mail, stores } = deps;
  switch (transport.type) {
    case 'webhook':
      return createWebhookCarrier({
        ...{ url: transport.url, secret: secretOf(route, sealer), route: id, fetch, clock, version, consoleUrl },
      });
    case 'slack':
      return createChatCarrier({ url: secretOf(route, sealer), field: null, fetch, clock, consoleUrl });
    case 'chat':
      return createChatCarrier({ url: secretOf(route, sealer), field: transport.field, fetch, clock, consoleUrl });
    case 'email': {
      if (mail === null) {
        throw new Undelivered(
          'this hub has no mail server',
          'Have its operator set MCPVAULT_SMTP_URL and MCPVAULT_MAIL_FROM.',
        );
      }
      const people = async (told: readonly Notification[]) => {
        const ids = transport.people ? [...new Set(told.flatMap((one) => one.people))] : [];
        const members = await Promise.all(ids.map((member) => stores.members.byId(organization, member)));
        return members.flatMap((member) => (member === null || member.disabledAt !== null ? [] : [member.email]));
      };
      return createMailCarrier({ ...mail, to: transport.to, people, route: id, consoleUrl });
    }
  }
}

function secretOf({ id, organization, sealed }: AlertRoute, sealer: Sealer): string {
  try {
    if (sealed !== null) return sealer.open(organization, routeSecretAbout(id), sealed.key, sealed.secret).toString();
  } catch {
    // Told below.
  }
  throw new Undelivered('its secret cannot be opened', 'Remove the route and make it anew.');
}
