import { Failure } from '@mcpvault/domain/failure';
import type { KeyScope } from '@mcpvault/domain/identity/key-scope';
import { permits } from '@mcpvault/domain/identity/permission';
import type { MemberId, TokenId } from '@mcpvault/domain/ids';
import type { Token } from '@mcpvault/store/tokens-store';
import { hashOf, makeCredential, shownPrefix } from '../auth/credential.ts';
import { type Context, handles } from './handler.ts';
import { readScope, showScope } from './key-scopes.ts';
import { endOrNull } from './members.ts';
import { ownsServiceAccount } from './service-account-owner.ts';
import { fromRfc3339, rfc3339, rfc3339OrNull } from './times.ts';

const day = 86_400_000;
const overlapAtMost = 30 * day;

export const listTokens = handles('listTokens', async ({ member = null, ...page }, context) => {
  const { stores, caller } = context;
  const whose = member ?? caller.member;
  if (!(await mayManage(context, whose))) {
    throw new Failure('forbidden', 'Your role does not allow to see the tokens of others (tokens:write-any).');
  }
  const { items, next } = await stores.tokens.list(caller.organization, {
    ...page,
    member: whose === 'all' ? undefined : whose,
  });
  return { items: items.map((token) => showToken(token, context)), next };
});

export const createToken = handles('createToken', async ({ name, expiresAt, scope }, context) => {
  const { caller, now } = context;
  const owner = { id: caller.member, email: caller.email };
  const draft = { name, expiresAt: endOrNull(expiresAt, now), scope: readScope(scope, context) };
  const { token, value } = await makeToken(context, owner, draft);
  context.note({ subject: token.id, detail: noted(token) });
  return { ...showToken(token, context), token: value };
});

export const rotateToken = handles('rotateToken', async ({ id, oldUntil, expiresAt }, context) => {
  const { stores, caller, now } = context;
  const old = await tokenOf(context, id);
  // A key may be handed the one that follows it, and no other.
  if (caller.actedBy !== undefined || (caller.token !== null && caller.token !== id)) {
    throw new Failure('forbidden', 'A token is rotated by its member in person, or by itself.');
  }
  if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now)) {
    throw new Failure('conflict', 'This token has ended; there is nothing to take its place of.', {
      fix: 'Make a new one.',
    });
  }
  const until = oldUntil === undefined ? now + day : fromRfc3339(oldUntil);
  if (until > now + overlapAtMost) throw new Failure('invalid_params', 'oldUntil: at most 30 days from now.');
  const oldEnds = Math.max(now, Math.min(until, old.expiresAt ?? until));
  const sameSpan = old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt);
  const draft = {
    name: old.name,
    expiresAt: expiresAt === undefined ? sameSpan : endOrNull(expiresAt, now),
    scope: old.scope,
  };
  const { token, value } = await makeToken(context, old.member, draft);
  if (!(await stores.tokens.replace(caller.organization, id, token.id, oldEnds))) {
    throw new Failure('conflict', 'This token was rotated already.', { fix: 'Rotate the one that took its place.' });
  }
  context.changed('tokens', id);
  context.note({ subject: id, detail: { ...noted(token), by: token.id, oldUntil: rfc3339(oldEnds) } });
  return { ...showToken(token, context), token: value, oldUntil: rfc3339(oldEnds) };
});

export const revokeToken = handles('revokeToken', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const token = await tokenOf(context, id);
  await stores.tokens.revoke(caller.organization, id, now);
  context.note({ subject: id, detail: { name: token.name } });
  context.changed('tokens', id);
  return undefined;
});

interface TokenDraft {
  readonly name: string;
  readonly expiresAt: number | null;
  readonly scope: KeyScope | null;
}

/** For the member themselves, or for a service account whose keys the caller may make. */
export async function makeToken(context: Context, owner: Token['member'], { name, expiresAt, scope }: TokenDraft) {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const id = services.ambient.ids.next('tok');
  const value = makeCredential('token', services.ambient.random);
  const draft = { id, organization, name, prefix: shownPrefix(value), createdAt: now, expiresAt, scope };
  const createdBy = caller.member === owner.id ? null : caller.member;
  await stores.tokens.create({ ...draft, member: owner.id, hash: hashOf(value), createdBy });
  context.changed('tokens', id);
  const token: Token = { ...draft, member: owner, lastUsedAt: null, revokedAt: null, replacedBy: null };
  return { token, value };
}

/** Throws `not_found` for those that the caller has nothing to do with. */
async function tokenOf(context: Context, id: TokenId): Promise<Token> {
  const token = await context.stores.tokens.byId(context.caller.organization, id);
  if (token === null || !(await mayManage(context, token.member.id))) {
    throw new Failure('not_found', 'There is no such token.');
  }
  return token;
}

async function mayManage(context: Context, whose: MemberId | 'all'): Promise<boolean> {
  const { caller } = context;
  if (whose === caller.member || permits(caller, 'tokens:write-any')) return true;
  return whose !== 'all' && (await ownsServiceAccount(context, whose));
}

export function noted({ name, expiresAt, scope }: Token) {
  return { name, expiresAt: rfc3339OrNull(expiresAt), ...(scope && { scope }) };
}

export function showToken(token: Omit<Token, 'organization'>, context: Context) {
  const { id, name, prefix, member, createdAt, expiresAt, lastUsedAt, revokedAt, scope, replacedBy } = token;
  return {
    id,
    name,
    prefix,
    member: { ...member },
    createdAt: rfc3339(createdAt),
    expiresAt: rfc3339OrNull(expiresAt),
    lastUsedAt: rfc3339OrNull(lastUsedAt),
    revokedAt: rfc3339OrNull(revokedAt),
    scope: scope && showScope(scope, context),
    replacedBy,
  };
}
