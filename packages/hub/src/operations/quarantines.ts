import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Quarantine } from '@mcpvault/store/quarantines-store';
import { type Context, handles } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

export const listQuarantines = handles('listQuarantines', async (input, context) => {
  const { items, next } = await context.stores.quarantines.list(context.caller.organization, input);
  return { items: items.map((quarantine) => show(quarantine, context)), next };
});

export const createQuarantine = handles('createQuarantine', async ({ minutes, ...given }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const subject = given.what === 'tool' ? await toolOf(given, context) : await memberOf(given.member, context);
  const quarantine: Quarantine = {
    ...{ id: services.ambient.ids.next('qua'), organization, what: given.what, conversation: null, credential: null },
    ...{ policy: null, reason: given.reason, createdAt: now, until: now + minutes * 60_000, liftedAt: null },
    ...subject,
  };
  await stores.quarantines.create(quarantine);
  const { id, what, server, tool, member } = quarantine;
  context.note({ subject: id, detail: { what, server, tool, member, minutes, reason: given.reason } });
  context.changed('policies', id);
  return show(quarantine, context);
});

export const liftQuarantine = handles('liftQuarantine', async ({ id }, context) => {
  const { stores, caller, now } = context;
  if (!(await stores.quarantines.lift(caller.organization, id, caller.member, now)))
    throw new Failure('not_found', 'There is no such quarantine, or it was lifted already.');
  context.note({ subject: id });
  context.changed('policies', id);
  return undefined;
});

type Given = { readonly server?: `srv_${string}` | undefined; readonly tool?: string | undefined };

async function toolOf({ server, tool }: Given, { stores, caller }: Context) {
  if (server === undefined || tool === undefined)
    throw new Failure('invalid_params', 'Name the server and the tool that is to be shut away.');
  if ((await stores.servers.byId(caller.organization, server)) === null)
    throw new Failure('invalid_params', 'server: there is no such server.');
  return { server, tool, member: caller.member };
}

/** Suspended members still sign in: who is an admin can look, and lift it. */
async function memberOf(member: MemberId | undefined, { stores, caller }: Context) {
  if (member === undefined) throw new Failure('invalid_params', 'Name the member who is to be suspended.');
  if (member === caller.member) throw new Failure('invalid_params', 'Nobody suspends themselves.');
  if ((await stores.members.byId(caller.organization, member)) === null)
    throw new Failure('invalid_params', 'member: there is no such member.');
  return { server: null, tool: null, member };
}

function show(quarantine: Quarantine, { services }: Pick<Context, 'services'>) {
  const { organization, conversation: _, credential: __, createdAt, until, liftedAt, policy, ...shown } = quarantine;
  return {
    ...shown,
    policy: policy ?? ('pol_none' as const),
    byHand: policy === null,
    email: services.catalog.member(organization, shown.member)?.email ?? '',
    createdAt: rfc3339(createdAt),
    until: rfc3339OrNull(until),
    liftedAt: rfc3339OrNull(liftedAt),
  };
}
