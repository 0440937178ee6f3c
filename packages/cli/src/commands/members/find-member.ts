import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { isIdOf } from '../checked-id.ts';

type MemberId = `mem_${string}`;

/** The id of a member given by id or e-mail. */
export async function memberId(hub: HubConnection, given: string): Promise<MemberId> {
  return isIdOf('mem', given) ? given : (await findMember(hub, given)).id;
}

export async function findMember(hub: HubConnection, email: string) {
  const wanted = email.trim().toLowerCase();
  const members = await allPages((cursor) => hub.call('listMembers', { limit: pageSize, cursor, q: wanted }));
  const found = members.find((member) => member.email.toLowerCase() === wanted);
  if (found === undefined) {
    throw new CommandFailure('general', 'not_found', `No member has the e-mail address ${email}.`, {
      fix: 'See who there is with: mcpvault members list',
    });
  }
  return found;
}
