import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import { handles } from './handler.ts';
import { rfc3339 } from './times.ts';

export const listSignIns = handles('listSignIns', async ({ member, ...page }, { stores, caller, actor, now }) => {
  const whose = member ?? caller.member;
  if (whose !== caller.member && !permits(caller, 'tokens:write-any')) {
    throw new Failure('forbidden', 'Your role does not allow to see the sign-ins of others (tokens:write-any).');
  }
  const { items, next } = await stores.signIns.list(caller.organization, whose, now, page);
  return {
    items: items.map(({ id, client, method, createdAt, expiresAt }) => ({
      id,
      client,
      method,
      createdAt: rfc3339(createdAt),
      expiresAt: rfc3339(expiresAt),
      isThis: id === actor.signIn,
    })),
    next,
  };
});

export const endSignIn = handles('endSignIn', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const found = await stores.signIns.byId(caller.organization, id, now);
  const theirs = found !== null && (found.member === caller.member || permits(caller, 'tokens:write-any'));
  if (!theirs) throw new Failure('not_found', 'There is no such sign-in, or it has ended.');
  await stores.signIns.revoke(caller.organization, id, now);
  context.note({ subject: id, detail: { member: found.member, client: found.client } });
  context.changed('sign-ins', id);
  return undefined;
});
