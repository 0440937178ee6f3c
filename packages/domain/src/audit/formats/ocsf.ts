// The Open Cybersecurity Schema: sign-ins as Authentication (3002), all else as API Activity (6003), calls with who called
// which tool. What the schema has no place for stands under `unmapped`.
import type { AuditEvent } from './audit-event.ts';

export const ocsfVersion = '1.8.0';

type Json = Readonly<Record<string, unknown>>;

/** `hub` is the version of MCPVault that says so. */
export function ocsfEvent(event: AuditEvent, hub: string): Json {
  return event.kind === 'entry' && signIns.has(event.action) ? authentication(event, hub) : apiActivity(event, hub);
}

/** Activities of Authentication. */
const signIns: ReadonlyMap<string, { readonly id: number; readonly name: string }> = new Map([
  ['auth.login', { id: 1, name: 'Logon' }],
  ['auth.finish-passkey-sign-in', { id: 1, name: 'Logon' }],
  ['auth.finish-provider-sign-in', { id: 1, name: 'Logon' }],
  ['auth.logout', { id: 2, name: 'Logoff' }],
  ['auth.refresh', { id: 5, name: 'Service Ticket Renew' }],
]);

function authentication(event: AuditEvent, hub: string): Json {
  const activity = signIns.get(event.action) ?? { id: 99, name: 'Other' };
  return {
    ...base(event, hub, {
      uid: 3002,
      name: 'Authentication',
      category: 3,
      categoryName: 'Identity & Access Management',
    }),
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: 300_200 + activity.id,
    type_name: `Authentication: ${activity.name}`,
    user: userOf(event.actor, event.role),
    service: { name: 'MCPVault' },
    is_remote: true,
    ...(event.address !== null && { src_endpoint: { ip: event.address } }),
  };
}

function apiActivity(event: AuditEvent, hub: string): Json {
  const activity = activityOf(event);
  return {
    ...base(event, hub, { uid: 6003, name: 'API Activity', category: 6, categoryName: 'Application Activity' }),
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: 600_300 + activity.id,
    type_name: `API Activity: ${activity.name}`,
    actor: {
      user: userOf(event.actedBy ?? event.actor, event.role),
      ...(event.client !== null && { app_name: event.client }),
    },
    api: {
      operation: event.action,
      service: { name: event.server ?? 'MCPVault' },
      ...(event.correlation !== null && { request: { uid: event.correlation } }),
      ...(!event.succeeded && { response: { error: event.outcome, error_message: event.reason ?? event.outcome } }),
    },
    src_endpoint: event.address === null ? { name: event.client ?? 'unknown' } : { ip: event.address },
    resources: resourcesOf(event),
  };
}

interface Class {
  readonly uid: number;
  readonly name: string;
  readonly category: number;
  readonly categoryName: string;
}

function base(event: AuditEvent, hub: string, { uid, name, category, categoryName }: Class): Json {
  return {
    category_uid: category,
    category_name: categoryName,
    class_uid: uid,
    class_name: name,
    severity_id: event.succeeded ? 1 : 3,
    severity: event.succeeded ? 'Informational' : 'Medium',
    status_id: event.succeeded ? 1 : 2,
    status: event.succeeded ? 'Success' : 'Failure',
    ...(!event.succeeded && { status_detail: event.reason ?? event.outcome }),
    time: event.at,
    ...(event.durationMs !== null && { duration: Math.round(event.durationMs) }),
    message: `${event.actor} ${event.action}${event.target === null ? '' : ` ${event.target}`}: ${event.outcome}`,
    metadata: {
      version: ocsfVersion,
      product: { name: 'MCPVault', vendor_name: 'MCPVault', version: hub },
      uid: event.id,
      log_name: 'audit',
      ...(event.trace !== null && { correlation_uid: event.trace }),
      tenant_uid: event.organization,
    },
    unmapped: {
      place: event.place,
      outcome: event.outcome,
      ...(event.actedBy !== null && { acted_as: event.actor }),
      ...(event.parameters !== null && { parameters: event.parameters }),
      detail: event.detail,
    },
  };
}

function userOf(id: string, role: string | null): Json {
  return { uid: id, type_id: id === 'system' ? 3 : 1, ...(role !== null && { groups: [{ name: role }] }) };
}

function resourcesOf(event: AuditEvent): readonly Json[] {
  if (event.target !== null)
    return [{ name: event.target, type: event.action, ...(event.subject && { group: { uid: event.subject } }) }];
  return event.subject === null ? [] : [{ uid: event.subject, type: event.action.split('.')[0] ?? '' }];
}

const activities: readonly (readonly [pattern: RegExp, id: number, name: string])[] = [
  [/\.(create|make|invite|add|setup|accept)/, 1, 'Create'],
  [/\.(list|get|read|export|verify|prove|explain)|\/(list|read|get)$/, 2, 'Read'],
  [/\.(update|rotate|reset|hold|confirm|set)/, 3, 'Update'],
  [/\.(remove|delete|revoke|end)/, 4, 'Delete'],
];

function activityOf({ action }: AuditEvent): { readonly id: number; readonly name: string } {
  const [, id, name] = activities.find(([pattern]) => pattern.test(action)) ?? [/^/, 99, 'Other'];
  return { id, name };
}
