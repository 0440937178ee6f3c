// Alerts, with who is at them and what was said of them; what people are to be told of, and over which routes; and which hubs
// there are, so that one that is gone is missed.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const alertsMigration: Migration = {
  name: '021-alerts',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  // No references to policies, servers and messages: an alert outlives them. `current` is the one that counts up.
  sql`create table alerts (
    id text primary key,
    organization text not null references organizations,
    kind text not null check (kind in ('policy', 'operational')),
    layer text not null check (layer in ('hub', 'workstation')),
    severity smallint not null check (severity between 0 and 4),
    title text not null,
    state text not null check (state in ('open', 'acknowledged', 'resolved', 'dismissed')),
    owner text,
    likeness text not null,
    current boolean not null,
    count bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    changed_at timestamptz not null,
    policy text,
    server text,
    tool text,
    member text,
    messages text[] not null,
    snapshot jsonb not null,
    unique (organization, id),
    foreign key (organization, owner) references members (organization, id)
  )`,
  sql`create unique index alerts_current on alerts (organization, likeness) where current`,
  sql`create index alerts_list on alerts (organization, last_at desc, id desc)`,
  sql`create index alerts_unfinished on alerts (organization, last_at desc, id desc)
    where state in ('open', 'acknowledged')`,
  sql`create index alerts_of_policy on alerts (organization, policy, last_at) where current`,

  sql`create table alert_history (
    id text primary key,
    organization text not null,
    alert text not null,
    at timestamptz not null,
    by text,
    state text,
    owner text,
    owner_changed boolean not null,
    comment text,
    foreign key (organization, alert) references alerts (organization, id) on delete cascade
  )`,
  sql`create index alert_history_of on alert_history (organization, alert, at, id)`,

  // Written in the transaction of what it tells of; handed out to routes in one of its own.
  sql`create table notifications (
    id text primary key,
    organization text not null references organizations,
    at timestamptz not null,
    type text not null,
    alert text,
    body jsonb not null,
    handed_out boolean not null default false
  )`,
  sql`create index notifications_waiting on notifications (at, id) where not handed_out`,
  sql`create index notifications_old on notifications (organization, at)`,

  // Whose address is a secret, as those of chats are, has it in the secret too.
  sql`create table alert_routes (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    enabled boolean not null,
    transport jsonb not null,
    secret bytea,
    secret_key text,
    filter jsonb not null,
    quiet jsonb,
    after_minutes integer not null,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    delivered bigint not null default 0,
    delivered_at timestamptz,
    failures integer not null default 0,
    failed_at timestamptz,
    failure text,
    fix text,
    due_at timestamptz not null,
    held_by text,
    held_until timestamptz,
    unique (organization, id),
    constraint alert_routes_name unique (organization, name)
  )`,
  sql`create table alert_deliveries (
    id text primary key,
    organization text not null,
    route text not null,
    notification text not null references notifications on delete cascade,
    state text not null check (state in ('waiting', 'delivered', 'dropped')),
    made_at timestamptz not null,
    due_at timestamptz not null,
    done_at timestamptz,
    tries integer not null default 0,
    why text,
    unique (route, notification),
    foreign key (organization, route) references alert_routes (organization, id) on delete cascade
  )`,
  sql`create index alert_deliveries_due on alert_deliveries (route, due_at, id) where state = 'waiting'`,
  sql`create index alert_deliveries_list on alert_deliveries (organization, route, made_at desc, id desc)`,
  sql`create index alert_deliveries_of on alert_deliveries (notification)`,

  sql`create table hub_nodes (
    id text primary key,
    name text not null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    troubles jsonb not null
  )`,
];
