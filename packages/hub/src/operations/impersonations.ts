import type { impersonationShape } from '@mcpvault/contract/impersonations';
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import { isActive } from '@mcpvault/store/members-store';
import type { Impersonation } from '@mcpvault/store/impersonations-store';
import type { z } from 'zod';
import { hashOf, makeCredential } from '../auth/credential.ts';
import { mayActAs } from '../auth/may-act-as.ts';
import { handles } from './handler.ts';
import { memberOf } from './members.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

const minute = 60_000;

export const listImpersonations = handles('listImpersonations', async ({ of, ...page }, { stores, caller, now }) => {
  if (of === 'all' && !permits(caller, 'audit:read')) {
    throw new Failure('forbidden', 'Your role does not allow to see who acted as others (audit:read).');
  }
  const member = of === 'all' ? undefined : caller.member;
  const { items, next } = await stores.impersonations.list(caller.organization, { ...page, member });
  return { items: items.map((one) => showImpersonation(one, now)), next };
});

export const startImpersonation = handles('startImpersonation', async ({ subject, reason, minutes }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const actor = await memberOf(context, caller.member);
  const found = await stores.members.byId(organization, subject);
  if (found === null || !(await mayActAs(stores.members, actor, found))) {
    throw new Failure('forbidden', 'You may not act as this member.', {
      fix: 'Their supervisor may, the lead of a team of theirs, and whoever has impersonate:any.',
    });
  }
  if (!isActive(found, now)) throw new Failure('conflict', 'This member is disabled, and may do nothing.');
  const id = services.ambient.ids.next('imp');
  const accessToken = makeCredential('impersonation', services.ambient.random);
  const expiresAt = now + minutes * minute;
  const draft = { id, organization, reason, createdAt: now, expiresAt };
  await stores.impersonations.create({ ...draft, actor: caller.member, subject, hash: hashOf(accessToken) });
  context.note({ subject, detail: { impersonation: id, reason, expiresAt: rfc3339(expiresAt) } });
  context.changed('impersonations', subject);
  const made = await stores.impersonations.byId(organization, id);
  if (made === null) throw new Error('an impersonation began and is not there');
  return { ...showImpersonation(made, now), accessToken };
});

export const endImpersonation = handles('endImpersonation', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const found = await stores.impersonations.byId(caller.organization, id);
  if (found === null || !mayEnd(found)) throw new Failure('not_found', 'There is no such impersonation.');
  const by = caller.actedBy?.member ?? caller.member;
  await stores.impersonations.end(caller.organization, id, by, now);
  context.note({ subject: found.subject.id, detail: { impersonation: id } });
  context.changed('impersonations', id);
  return undefined;

  /** Who acts as somebody ends that, and nothing else of theirs. */
  function mayEnd({ actor, subject }: Impersonation): boolean {
    if (caller.actedBy !== undefined) return caller.actedBy.impersonation === id;
    return actor.id === caller.member || subject.id === caller.member || permits(caller, 'impersonate:any');
  }
});

export function showImpersonation(one: Impersonation, now: number): z.output<typeof impersonationShape> {
  const { id, actor, subject, reason, createdAt, expiresAt, endedAt } = one;
  return {
    id,
    actor: { ...actor },
    subject: { ...subject },
    reason,
    createdAt: rfc3339(createdAt),
    expiresAt: rfc3339(expiresAt),
    endedAt: rfc3339OrNull(endedAt),
    underway: endedAt === null && expiresAt > now,
  };
}
