import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Member } from '@mcpvault/store/members-store';
import { demandGoodPassword } from '../auth/password-rules.ts';
import { type MadeLink, makeLink } from '../auth/one-time-link.ts';
import { type Context, handles, handlesPrepared } from './handler.ts';
import { demandNoMore, roleOf } from './roles.ts';
import { showMember } from './show.ts';
import { rfc3339 } from './times.ts';

export const listMembers = handles('listMembers', async (input, { stores, caller }) => {
  const { items, next } = await stores.members.list(caller.organization, input);
  return { items: items.map(showMember), next };
});

export const getMember = handles('getMember', async ({ id }, context) => showMember(await memberOf(context, id)));

export const createMember = handlesPrepared(
  'createMember',
  async ({ email, name, password }, { services }) => {
    if (password === undefined) return null;
    await demandGoodPassword(password, [email, name]);
    return services.passwords.hash(password);
  },
  async ({ email, name, role }, context, passwordHash) => {
    const { stores, services, caller, now } = context;
    const { organization } = caller;
    demandNoMore(caller, (await roleOf(context, role)).permissions);
    const id = services.ambient.ids.next('mem');
    await stores.members.create({ id, organization, email, name, role, passwordHash, createdAt: now });
    const invitation = passwordHash === null ? await linkFor(context, id, 'invite') : null;
    context.note({ subject: id, detail: { email, role } });
    context.changed('members', id);
    return { ...showMember(await memberOf(context, id)), invitation: invitation && showLink(invitation) };
  },
);

export const updateMember = handles('updateMember', async ({ id, name, role, disabled }, context) => {
  const { stores, caller, now } = context;
  const { organization } = caller;
  const before = await memberOf(context, id);
  demandNoMore(caller, before.permissions);
  if (role !== undefined) demandNoMore(caller, (await roleOf(context, role)).permissions);
  const leavesAdmin = role !== undefined && role !== 'admin';
  const steppingBack = before.role === 'admin' && (leavesAdmin || disabled === true);
  if (steppingBack) await demandAnotherAdmin(context, id);
  const disabledAt = disabled === undefined ? undefined : disabled ? (before.disabledAt ?? now) : null;
  await stores.members.update(organization, id, { name, role, disabledAt });
  if (disabled === true) await stores.signIns.revokeAllOf(organization, id, now);
  context.note({ subject: id, detail: { ...(role && { role }), ...(disabled !== undefined && { disabled }) } });
  context.changed('members', id);
  return showMember(await memberOf(context, id));
});

export const removeMember = handles('removeMember', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const member = await memberOf(context, id);
  demandNoMore(caller, member.permissions);
  if (member.role === 'admin') await demandAnotherAdmin(context, id);
  await stores.members.remove(caller.organization, id, now);
  context.note({ subject: id, detail: { email: member.email } });
  context.changed('members', id);
  context.changed('grants', null);
  return undefined;
});

export const inviteAgain = handles('inviteAgain', async ({ id }, context) => {
  const member = await memberOf(context, id);
  // Who has the link becomes the member.
  demandNoMore(context.caller, member.permissions);
  if (member.disabledAt !== null) {
    throw new Failure('conflict', 'This member is disabled.', { fix: 'Enable the member first.' });
  }
  await context.stores.links.revokeOf(context.caller.organization, id);
  context.note({ subject: id });
  return showLink(await linkFor(context, id, member.hasPassword ? 'reset' : 'invite'));
});

/** Throws `not_found` for members of others. */
export async function memberOf({ stores, caller }: Context, id: MemberId): Promise<Member> {
  const member = await stores.members.byId(caller.organization, id);
  if (member === null) throw new Failure('not_found', 'There is no such member.');
  return member;
}

async function demandAnotherAdmin({ stores, caller }: Context, except: MemberId): Promise<void> {
  if ((await stores.members.countOtherAdmins(caller.organization, except)) > 0) return;
  throw new Failure('conflict', 'This is the last admin who can sign in.', {
    fix: 'Make another member an admin first.',
  });
}

function linkFor({ stores, services, caller, now }: Context, member: MemberId, purpose: 'invite' | 'reset') {
  const owner = { organization: caller.organization, member };
  return makeLink(stores.links, { purpose, owner, url: services.url, now, random: services.ambient.random });
}

function showLink({ url, expiresAt }: MadeLink) {
  return { url, expiresAt: rfc3339(expiresAt) };
}
