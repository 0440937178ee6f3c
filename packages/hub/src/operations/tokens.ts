import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import type { Token } from '@mcpvault/store/tokens-store';
import { hashOf, makeCredential, shownPrefix } from '../auth/credential.ts';
import { handles } from './handler.ts';
import { fromRfc3339, rfc3339, rfc3339OrNull } from './times.ts';

export const listTokens = handles('listTokens', async ({ member = null, ...page }, { stores, caller }) => {
  const whose = member ?? caller.member;
  if (whose !== caller.member && !permits(caller, 'tokens:write-any')) {
    throw new Failure('forbidden', 'Your role does not allow to see the tokens of others (tokens:write-any).');
  }
  const { items, next } = await stores.tokens.list(caller.organization, {
    ...page,
    member: whose === 'all' ? undefined : whose,
  });
  return { items: items.map(showToken), next };
});

export const createToken = handles('createToken', async ({ name, expiresAt }, context) => {
  const { stores, services, caller, now } = context;
  const { organization, member } = caller;
  const until = expiresAt == null ? null : fromRfc3339(expiresAt);
  if (until !== null && until <= now) throw new Failure('invalid_params', 'expiresAt: this time has passed.');
  const id = services.ambient.ids.next('tok');
  const token = makeCredential('token', services.ambient.random);
  const prefix = shownPrefix(token);
  const draft = { id, organization, name, prefix, createdAt: now, expiresAt: until };
  await stores.tokens.create({ ...draft, member, hash: hashOf(token) });
  context.note({ subject: id, detail: { name, expiresAt: expiresAt ?? null } });
  context.changed('tokens', id);
  const owner = { id: member, email: caller.email };
  return { ...showToken({ ...draft, member: owner, lastUsedAt: null, revokedAt: null }), token };
});

export const revokeToken = handles('revokeToken', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const token = await stores.tokens.byId(caller.organization, id);
  const theirs = token !== null && (token.member.id === caller.member || permits(caller, 'tokens:write-any'));
  if (!theirs) throw new Failure('not_found', 'There is no such token.');
  await stores.tokens.revoke(caller.organization, id, now);
  context.note({ subject: id, detail: { name: token.name } });
  context.changed('tokens', id);
  return undefined;
});

function showToken({
  id,
  name,
  prefix,
  member,
  createdAt,
  expiresAt,
  lastUsedAt,
  revokedAt,
}: Omit<Token, 'organization'>) {
  return {
    id,
    name,
    prefix,
    member: { ...member },
    createdAt: rfc3339(createdAt),
    expiresAt: rfc3339OrNull(expiresAt),
    lastUsedAt: rfc3339OrNull(lastUsedAt),
    revokedAt: rfc3339OrNull(revokedAt),
  };
}
