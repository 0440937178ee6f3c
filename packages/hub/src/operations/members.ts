import { Failure } from '@mcpvault/domain/failure';
import { whyNotBelow } from '@mcpvault/domain/identity/team-tree';
import type { MemberId } from '@mcpvault/domain/ids';
import { isActive, type Member } from '@mcpvault/store/members-store';
import { demandGoodPassword } from '../auth/password-rules.ts';
import { type MadeLink, makeLink } from '../auth/one-time-link.ts';
import { type Context, handles, handlesPrepared } from './handler.ts';
import { demandNoMore, roleOf } from './roles.ts';
import { showMember } from './show.ts';
import { fromRfc3339, rfc3339 } from './times.ts';

export const listMembers = handles('listMembers', async (input, { stores, caller, now }) => {
  const { items, next } = await stores.members.list(caller.organization, input);
  return { items: items.map((member) => showMember(member, now)), next };
});

export const getMember = handles('getMember', async ({ id }, context) =>
  showMember(await memberOf(context, id), context.now),
);

export const createMember = handlesPrepared(
  'createMember',
  async ({ email, name, password }, { services }) => {
    if (password === undefined) return null;
    await demandGoodPassword(password, [email, name]);
    return services.passwords.hash(password);
  },
  async ({ email, name, role, supervisor, expiresAt }, context, passwordHash) => {
    const { stores, services, caller, now } = context;
    const { organization } = caller;
    demandNoMore(caller, (await roleOf(context, role)).permissions);
    const id = services.ambient.ids.next('mem');
    const until = endOrNull(expiresAt, now);
    const draft = { id, organization, email, name, role, passwordHash, createdAt: now };
    await stores.members.create({ ...draft, expiresAt: until });
    if (supervisor != null) await superviseBy(context, id, supervisor);
    const invitation = passwordHash === null ? await linkFor(context, id, 'invite') : null;
    context.note({
      subject: id,
      detail: { email, role, ...(supervisor && { supervisor }), ...(expiresAt && { expiresAt }) },
    });
    context.changed('members', id);
    const made = showMember(await memberOf(context, id), now);
    return { ...made, invitation: invitation && showLink(invitation) };
  },
);

export const updateMember = handles('updateMember', async ({ id, ...changes }, context) => {
  const { name, role, disabled, supervisor, expiresAt } = changes;
  const { stores, caller, now } = context;
  const { organization } = caller;
  const before = await personOf(context, id);
  demandNoMore(caller, before.permissions);
  if (role !== undefined) demandNoMore(caller, (await roleOf(context, role)).permissions);
  const leavesAdmin = role !== undefined && role !== 'admin';
  const steppingBack = before.role === 'admin' && (leavesAdmin || disabled === true || expiresAt != null);
  if (steppingBack) await demandAnotherAdmin(context, id);
  const disabledAt = disabled === undefined ? undefined : disabled ? (before.disabledAt ?? now) : null;
  const until = expiresAt === undefined ? undefined : endOrNull(expiresAt, now);
  await stores.members.update(organization, id, { name, role, disabledAt, expiresAt: until });
  if (supervisor !== undefined) await superviseBy(context, id, supervisor);
  if (disabled === true) await stores.signIns.revokeAllOf(organization, id, now);
  const { name: _, ...noted } = changes;
  context.note({
    subject: id,
    detail: Object.fromEntries(Object.entries(noted).filter(([, value]) => value !== undefined)),
  });
  context.changed('members', id);
  return showMember(await memberOf(context, id), now);
});

export const removeMember = handles('removeMember', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const member = await personOf(context, id);
  demandNoMore(caller, member.permissions);
  if (member.role === 'admin') await demandAnotherAdmin(context, id);
  await stores.members.remove(caller.organization, id, now);
  context.note({ subject: id, detail: { email: member.email } });
  context.changed('members', id);
  context.changed('grants', null);
  return undefined;
});

export const inviteAgain = handles('inviteAgain', async ({ id }, context) => {
  const member = await personOf(context, id);
  // Who has the link becomes the member.
  demandNoMore(context.caller, member.permissions);
  if (!isActive(member, context.now)) {
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

/** The same, and for service accounts: what is done to those has operations of its own. */
export async function personOf(context: Context, id: MemberId): Promise<Member> {
  const member = await memberOf(context, id);
  if (member.kind === 'person') return member;
  throw new Failure('conflict', 'This is a service account.', { fix: 'Use the operations of service accounts.' });
}

async function superviseBy(context: Context, id: MemberId, supervisor: MemberId | null): Promise<void> {
  const { stores, caller } = context;
  if (supervisor !== null) {
    await personOf(context, supervisor);
    const why = whyNotBelow(await stores.members.supervisors(caller.organization), id, supervisor);
    if (why !== null) {
      throw new Failure('conflict', `${supervisor} cannot supervise this member: ${reasons[why]}.`, {
        fix: 'Choose another supervisor, or change theirs first.',
      });
    }
  }
  await stores.members.update(caller.organization, id, { supervisor });
}

const reasons = { circle: 'they are supervised by them', 'too deep': 'there would be too many levels' } as const;

/** Throws for a time that has passed. */
export function endOrNull(expiresAt: string | null | undefined, now: number): number | null {
  const until = expiresAt == null ? null : fromRfc3339(expiresAt);
  if (until !== null && until <= now) throw new Failure('invalid_params', 'expiresAt: this time has passed.');
  return until;
}

export async function demandAnotherAdmin(
  { stores, caller }: Pick<Context, 'stores' | 'caller'>,
  except: MemberId,
): Promise<void> {
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
