// What is wrong in an organization at this moment, as far as its tables tell: servers that are away, deliveries that do not
// arrive, credentials that end soon.
import type { AlertRouteId, DestinationId, MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from '../schema.ts';

export interface Troubles {
  readonly servers: readonly {
    readonly id: ServerId;
    readonly name: string;
    readonly reason: string | null;
    readonly fix: string | null;
  }[];
  /** Of audit events, and of alerts. `isOff`: the receiver wanted nothing any more. */
  readonly deliveries: readonly {
    readonly id: DestinationId | AlertRouteId;
    readonly kind: 'destination' | 'route';
    readonly name: string;
    readonly failures: number;
    readonly failure: string;
    readonly fix: string | null;
    readonly isOff: boolean;
  }[];
  /** Sign-ins at servers that all share. `endsAt` is null where it is broken already; milliseconds since the epoch. */
  readonly connections: readonly {
    readonly server: ServerId;
    readonly name: string;
    readonly reason: string | null;
    readonly endsAt: number | null;
  }[];
  /** Keys of service accounts, and tokens of identity providers. */
  readonly credentials: readonly {
    readonly id: string;
    readonly kind: 'key' | 'provisioning';
    readonly name: string;
    readonly member: MemberId | null;
    readonly endsAt: number;
  }[];
  /** Certificates that destinations trust, PEM. */
  readonly authorities: readonly { readonly id: DestinationId; readonly name: string; readonly ca: string }[];
}

/** Credentials are those that end between `now` and `soon`. */
export async function troublesOf(
  executor: Executor,
  organization: OrganizationId,
  { now, soon }: { readonly now: number; readonly soon: number },
): Promise<Troubles> {
  const [from, to] = [new Date(now), new Date(soon)];
  const ask = <Row>(query: ReturnType<typeof sql<Row>>) => query.execute(executor).then(({ rows }) => rows);
  return {
    servers: await ask(sql<Troubles['servers'][number]>`
      select id, name, status_reason as reason, status_fix as fix from servers
      where organization = ${organization} and enabled and retired_at is null and status = 'unavailable' order by id`),
    deliveries: await ask(sql<Troubles['deliveries'][number]>`
      select id, 'destination' as kind, name, failures, failure, fix, not enabled as "isOff" from audit_destinations
      where organization = ${organization} and failure is not null and (failures >= 3 or not enabled)
      union all select id, 'route', name, failures, failure, fix, not enabled from alert_routes
      where organization = ${organization} and failure is not null and (failures >= 3 or not enabled) order by id`),
    connections: (
      await ask(sql<{ server: ServerId; name: string; state: string; reason: string | null; ends: Date | null }>`
        select c.server, s.name, c.state, c.reason, c.expires_at as ends from server_connections c
        join servers s on s.id = c.server and s.retired_at is null
        where c.organization = ${organization} and c.member is null
          and (c.state = 'broken' or (not c.renewable and c.expires_at between ${from} and ${to})) order by c.server`)
    ).map(({ server, name, state, reason, ends }) => ({
      ...{ server, name, reason, endsAt: state === 'broken' ? null : (ends?.getTime() ?? null) },
    })),
    credentials: (
      await ask(sql<{ id: string; kind: 'key' | 'provisioning'; name: string; member: MemberId | null; ends: Date }>`
        select t.id, 'key' as kind, m.name || ': ' || t.name as name, m.id as member, t.expires_at as ends from tokens t
        join members m on m.id = t.member and m.kind = 'service' and m.disabled_at is null
        where t.organization = ${organization} and t.revoked_at is null and t.replaced_by is null
          and t.expires_at between ${from} and ${to}
        union all select id, 'provisioning', name, null, expires_at from provisioning_tokens
        where organization = ${organization} and revoked_at is null and expires_at between ${from} and ${to} order by id`)
    ).map(({ ends, ...rest }) => ({ ...rest, endsAt: ends.getTime() })),
    authorities: await ask(sql<Troubles['authorities'][number]>`
      select id, name, transport ->> 'ca' as ca from audit_destinations
      where organization = ${organization} and enabled and transport ->> 'ca' is not null order by id`),
  };
}
