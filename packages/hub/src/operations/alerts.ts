import { type AlertId, type AlertState, alertStates } from '@mcpvault/domain/alerts/alert';
import { mayBecome } from '@mcpvault/domain/alerts/alert-states';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Alert, AlertChange, AlertEvent } from '@mcpvault/store/alerts/alerts-store';
import { type Context, handles } from './handler.ts';
import { rfc3339 } from './times.ts';

export const listAlerts = handles('listAlerts', async ({ state, owner, ...query }, { stores, caller }) => {
  const { items, next } = await stores.alerts.list(caller.organization, {
    ...query,
    states: state === 'all' ? undefined : alertStates.filter((each) => state.split(',').includes(each)),
    owner: owner === 'me' ? caller.member : owner,
  });
  return { items: items.map(showAlert), next };
});

export const countAlerts = handles('countAlerts', (_, { stores, caller }) => stores.alerts.counts(caller.organization));

export const getAlert = handles('getAlert', async ({ id }, { stores, caller }) => {
  const [alert] = await stores.alerts.byIds(caller.organization, [id]);
  if (alert === undefined) throw noSuchAlert();
  const { lasts: _, ...snapshot } = alert.snapshot;
  const { detectors, places, edits, policy, ...rest } = snapshot;
  return {
    ...showAlert(alert),
    messages: [...alert.messages],
    snapshot: {
      ...rest,
      policy: policy && { ...policy, detectors: [...policy.detectors] },
      findings: { ...rest.findings },
      ...{ detectors: [...detectors], places: [...places], edits: [...edits] },
    },
    history: (await stores.alerts.history(caller.organization, id)).map(showEvent),
  };
});

export const changeAlerts = handles('changeAlerts', async ({ ids, state, owner, comment }, context) => {
  const { stores, caller } = context;
  if (state === undefined && owner === undefined && comment === undefined)
    throw new Failure('invalid_params', 'Say what to change: state, owner or comment.');
  const change: AlertChange = { state, comment, owner: await ownerOf(context, owner) };
  const wanted = [...new Set(ids)];
  const before = new Map((await stores.alerts.byIds(caller.organization, wanted)).map((alert) => [alert.id, alert]));
  const unchanged: { id: AlertId; why: string }[] = [];
  for (const id of wanted) {
    const why = await changeOne(context, before.get(id), id, change);
    if (why !== null) unchanged.push({ id, why });
  }
  const changed = wanted.filter((id) => unchanged.every((stayed) => stayed.id !== id));
  context.note({
    ...(changed.length === 1 && { subject: changed[0] }),
    detail: { ...change, comment: comment === undefined ? undefined : `text ${comment.length}`, alerts: changed },
  });
  if (changed.length > 0) context.changed('alerts', changed.length === 1 ? (changed[0] ?? null) : null);
  return { items: (await stores.alerts.byIds(caller.organization, changed)).map(showAlert), unchanged };
});

/** Why it stays as it is; null when it was changed. */
async function changeOne(
  { stores, caller, services, now }: Context,
  alert: Alert | undefined,
  id: AlertId,
  change: AlertChange,
): Promise<string | null> {
  if (alert === undefined) return 'There is no such alert.';
  const { state: wanted } = change;
  const isSame = wanted === alert.state && change.owner === undefined && change.comment === undefined;
  if (isSame) return `It is ${wanted} already.`;
  if (wanted !== undefined && wanted !== alert.state && !mayBecome(alert.state, wanted))
    return `What is ${alert.state} cannot be ${wanted}; open it again first.`;
  const state: AlertState | undefined = wanted === alert.state ? undefined : wanted;
  const made = { id: services.ambient.ids.next('alh'), by: caller.member, at: now };
  await stores.alerts.change(caller.organization, id, { ...change, state }, made);
  return null;
}

async function ownerOf(
  { stores, caller }: Context,
  owner: 'me' | MemberId | null | undefined,
): Promise<MemberId | null | undefined> {
  if (owner === 'me') return caller.member;
  if (owner == null) return owner;
  if ((await stores.members.byId(caller.organization, owner)) === null)
    throw new Failure('invalid_params', 'owner: there is no such member.');
  return owner;
}

function showAlert(alert: Alert) {
  const { id, kind, layer, severity, title, state, owner, count, firstAt, lastAt, tool, member, snapshot } = alert;
  const { policy, message } = snapshot;
  return {
    ...{ id, kind, layer, severity, title, state, owner, count, tool, member },
    ...{ firstAt: rfc3339(firstAt), lastAt: rfc3339(lastAt) },
    policy: policy && { id: policy.id, name: policy.name, version: policy.version },
    server: alert.server && { id: alert.server, name: message?.serverName ?? alert.server },
  };
}

function showEvent({ at, ...event }: AlertEvent) {
  return { ...event, at: rfc3339(at) };
}

function noSuchAlert(): Failure {
  return new Failure('not_found', 'There is no such alert.');
}
