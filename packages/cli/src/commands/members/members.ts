// `mcpvault members`: the people of the organization.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { expireMemberCommand, superviseMemberCommand } from './change-member.ts';
import { disableMemberCommand, enableMemberCommand } from './disable-member.ts';
import { giveRoleCommand } from './give-role.ts';
import { inviteMemberCommand } from './invite-member.ts';
import { listMembersCommand } from './list-members.ts';

export function membersCommand(host: Host): Command {
  return new Command('members')
    .description('See, invite and disable members, and give them roles, supervisors and an end')
    .addCommand(listMembersCommand(host))
    .addCommand(inviteMemberCommand(host))
    .addCommand(giveRoleCommand(host))
    .addCommand(superviseMemberCommand(host))
    .addCommand(expireMemberCommand(host))
    .addCommand(disableMemberCommand(host))
    .addCommand(enableMemberCommand(host));
}
