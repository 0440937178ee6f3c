import { permits } from '@mcpvault/domain/identity/permission';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Member } from '@mcpvault/store/members-store';
import type { Context } from './handler.ts';

type Asking = Pick<Context, 'stores' | 'caller'>;

/** Whether the member is a service account whose keys are the caller's to make and end. */
export async function ownsServiceAccount(context: Asking, id: MemberId): Promise<boolean> {
  const account = await context.stores.members.byId(context.caller.organization, id);
  return account !== null && account.kind === 'service' && (await mayManageKeys(context, account));
}

/** Its owner may, and who leads the team that owns it, and who may change service accounts anyway. */
export async function mayManageKeys({ stores, caller }: Asking, { owner }: Pick<Member, 'owner'>): Promise<boolean> {
  if (permits(caller, 'service-accounts:write')) return true;
  if (owner?.type === 'member') return owner.id === caller.member;
  if (owner?.type !== 'team') return false;
  const team = await stores.teams.byId(caller.organization, owner.id);
  return team?.leads.some((lead) => lead.id === caller.member) === true;
}
