import type { serviceAccountShape } from '@mcpvault/contract/service-accounts';
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import type { MemberId, TeamId } from '@mcpvault/domain/ids';
import { isActive, type Member } from '@mcpvault/store/members-store';
import type { z } from 'zod';
import { type Context, handles } from './handler.ts';
import { readScope } from './key-scopes.ts';
import { endOrNull, memberOf, personOf } from './members.ts';
import { demandNoMore, roleOf } from './roles.ts';
import { mayManageKeys } from './service-account-owner.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';
import { makeToken, noted, showToken } from './tokens.ts';

export const listServiceAccounts = handles('listServiceAccounts', async (input, { stores, caller, now }) => {
  const ownedBy = permits(caller, 'members:read') ? undefined : caller.member;
  const { items, next } = await stores.members.list(caller.organization, { ...input, kind: 'service', ownedBy });
  return { items: items.map((account) => showAccount(account, now)), next };
});

export const getServiceAccount = handles('getServiceAccount', async ({ id }, context) => {
  const account = await accountOf(context, id);
  if (!permits(context.caller, 'members:read') && !(await mayManageKeys(context, account))) throw noSuchAccount();
  return showAccount(account, context.now);
});

export const createServiceAccount = handles('createServiceAccount', async (input, context) => {
  const { stores, services, caller, now } = context;
  const { name, role, owner, endsWithOwner, expiresAt } = input;
  const { organization } = caller;
  demandNoMore(caller, (await roleOf(context, role)).permissions);
  await demandOwner(context, owner);
  const id = services.ambient.ids.next('mem');
  const ends = owner.type === 'member' && endsWithOwner;
  await stores.members.create({
    id,
    organization,
    email: addressOf(name, id),
    name,
    role,
    passwordHash: null,
    createdAt: now,
    expiresAt: endOrNull(expiresAt, now),
    owner: { ...owner, endsWithOwner: ends },
  });
  context.note({ subject: id, detail: { name, role, owner, endsWithOwner: ends } });
  context.changed('members', id);
  return showAccount(await accountOf(context, id), now);
});

export const updateServiceAccount = handles('updateServiceAccount', async ({ id, ...changes }, context) => {
  const { stores, caller, now } = context;
  const { name, role, disabled, expiresAt } = changes;
  const before = await accountOf(context, id);
  demandNoMore(caller, before.permissions);
  if (role !== undefined) demandNoMore(caller, (await roleOf(context, role)).permissions);
  if (changes.owner !== undefined) await demandOwner(context, changes.owner);
  const owner = changes.owner ?? before.owner;
  if (owner === null) throw new Error('a service account has no owner');
  const endsWithOwner = owner.type === 'member' && (changes.endsWithOwner ?? before.owner?.endsWithOwner ?? false);
  await stores.members.update(caller.organization, id, {
    name,
    role,
    disabledAt: disabled === undefined ? undefined : disabled ? (before.disabledAt ?? now) : null,
    expiresAt: expiresAt === undefined ? undefined : endOrNull(expiresAt, now),
    owner: { type: owner.type, id: owner.id, endsWithOwner },
  });
  context.note({
    subject: id,
    detail: Object.fromEntries(Object.entries(changes).filter(([, it]) => it !== undefined)),
  });
  context.changed('members', id);
  return showAccount(await accountOf(context, id), now);
});

export const removeServiceAccount = handles('removeServiceAccount', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const account = await accountOf(context, id);
  demandNoMore(caller, account.permissions);
  await stores.members.remove(caller.organization, id, now);
  context.note({ subject: id, detail: { name: account.name } });
  context.changed('members', id);
  context.changed('grants', null);
  return undefined;
});

export const createServiceAccountKey = handles('createServiceAccountKey', async (input, context) => {
  const { id, name, expiresAt, scope } = input;
  const account = await accountOf(context, id);
  if (!(await mayManageKeys(context, account))) throw noSuchAccount();
  // Who has the key acts as the account.
  demandNoMore(context.caller, account.permissions);
  const draft = { name, expiresAt: endOrNull(expiresAt, context.now), scope: readScope(scope, context) };
  const { token, value } = await makeToken(context, { id, email: account.email }, draft);
  context.note({ subject: token.id, detail: { account: id, ...noted(token) } });
  return { ...showToken(token, context), token: value };
});

async function accountOf(context: Context, id: MemberId): Promise<Member> {
  const account = await memberOf(context, id);
  if (account.kind !== 'service') throw noSuchAccount();
  return account;
}

async function demandOwner(
  context: Context,
  owner: { readonly type: 'member'; readonly id: MemberId } | { readonly type: 'team'; readonly id: TeamId },
): Promise<void> {
  if (owner.type === 'member') await personOf(context, owner.id);
  else if ((await context.stores.teams.byId(context.caller.organization, owner.id)) === null) {
    throw new Failure('not_found', 'There is no such team.');
  }
}

/** Nobody reads mail there: it is what lists of members show, unique as they must be. */
function addressOf(name: string, id: MemberId): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${words.slice(0, 60) || 'service'}-${id.slice(-6)}@service.invalid`;
}

function noSuchAccount(): Failure {
  return new Failure('not_found', 'There is no such service account.');
}

function showAccount(account: Member, now: number): z.output<typeof serviceAccountShape> {
  const { id, name, email, role, roleName, teams, owner } = account;
  return {
    id,
    name,
    email,
    role,
    roleName,
    teams: [...teams],
    status: isActive(account, now) ? 'active' : 'disabled',
    owner: { type: owner?.type ?? 'member', id: owner?.id ?? '', label: owner?.label ?? '' },
    endsWithOwner: owner?.endsWithOwner === true,
    expiresAt: rfc3339OrNull(account.expiresAt),
    createdAt: rfc3339(account.createdAt),
    lastSeenAt: rfc3339OrNull(account.lastSeenAt),
  };
}
