import { Failure } from '@mcpvault/domain/failure';
import { compileCondition } from '@mcpvault/domain/identity/compile-condition';
import type { DescribedGrant } from '@mcpvault/store/grants-store';
import { handles } from './handler.ts';
import { serverOf } from './server-lookup.ts';
import { fromRfc3339, rfc3339, rfc3339OrNull } from './times.ts';

export const listGrants = handles('listGrants', async ({ server, ...input }, context) => {
  const { stores, caller } = context;
  const only = server === undefined ? undefined : (await serverOf(context, server)).id;
  const { items, next } = await stores.grants.list(caller.organization, { ...input, server: only });
  return { items: items.map(showGrant), next };
});

export const createGrant = handles('createGrant', async ({ server, expiresAt, ...asked }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const until = expiresAt == null ? null : fromRfc3339(expiresAt);
  if (until !== null && until <= now) throw new Failure('invalid_params', 'expiresAt: this time has passed.');
  const { effect, subject, tools = null, prompts = null, resources = null, condition = null, reason = null } = asked;
  const about = { effect, subject, tools, prompts, resources, condition, reason };
  if (condition !== null) compileCondition(condition);
  const { id: serverId, name } = await serverOf(context, server);
  const id = services.ambient.ids.next('grt');
  await stores.grants.create({
    ...about,
    id,
    organization,
    server: serverId,
    expiresAt: until,
    createdBy: caller.member,
    createdAt: now,
  });
  context.note({ subject: id, detail: { ...about, server: name, expiresAt: expiresAt ?? null } });
  context.changed('grants', id);
  const made = await stores.grants.byId(organization, id);
  if (made === null) throw new Error('a grant was made and is not there');
  return showGrant(made);
});

export const removeGrant = handles('removeGrant', async ({ id }, context) => {
  const { stores, caller } = context;
  const grant = await stores.grants.byId(caller.organization, id);
  if (grant === null) throw new Failure('not_found', 'There is no such grant.');
  await stores.grants.remove(caller.organization, id);
  context.note({ subject: id, detail: { effect: grant.effect, subject: grant.subject, server: grant.serverName } });
  context.changed('grants', id);
  return undefined;
});

function showGrant(grant: DescribedGrant) {
  const { id, effect, subject, subjectLabel, server, serverName, condition, reason, expiresAt, createdAt } = grant;
  const { tools, prompts, resources } = grant;
  return {
    id,
    effect,
    subject: { type: subject.type, id: subject.id, label: subjectLabel },
    server: { id: server, name: serverName },
    tools: tools && [...tools],
    prompts: prompts && [...prompts],
    resources: resources && [...resources],
    condition,
    reason,
    expiresAt: rfc3339OrNull(expiresAt),
    createdAt: rfc3339(createdAt),
  };
}
