import { permits } from '@mcpvault/domain/identity/permission';
import type { Member, MembersStore } from '@mcpvault/store/members-store';

/** Whether one member may act as another: as their supervisor, or as anybody's with `impersonate:any`. People only. */
export async function mayActAs(
  members: Pick<MembersStore, 'supervises'>,
  actor: Member,
  subject: Member,
): Promise<boolean> {
  if (actor.id === subject.id || actor.organization !== subject.organization) return false;
  if (actor.kind !== 'person' || subject.kind !== 'person') return false;
  if (permits(actor, 'impersonate:any')) return true;
  return members.supervises(actor.organization, actor.id, subject.id);
}
