// `mcpvault members`: the people of the organization.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { disableMemberCommand, enableMemberCommand } from './disable-member.ts';
import { inviteMemberCommand } from './invite-member.ts';
import { listMembersCommand } from './list-members.ts';

export function membersCommand(host: Host): Command {
  return new Command('members')
    .description('See, invite and disable members')
    .addCommand(listMembersCommand(host))
    .addCommand(inviteMemberCommand(host))
    .addCommand(disableMemberCommand(host))
    .addCommand(enableMemberCommand(host));
}
