import { useWrite } from '../../api/hub.ts';
import { useConfirm } from '../../parts/confirm.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import type { Member } from './member-status.tsx';

/** What an admin does with a member, from the list and from the member's page alike. */
export function useMemberActions() {
  const confirm = useConfirm();
  const update = useWrite('updateMember', 'teams', 'roles');
  const reset = useWrite('resetSecondFactor');
  const remove = useWrite('removeMember', 'teams', 'grants', 'tokens');

  const setDisabled = async (member: Member, disabled: boolean): Promise<void> => {
    try {
      await update.mutateAsync({ id: member.id, disabled });
      const detail = disabled ? 'Sign-ins and tokens stopped working at once.' : undefined;
      say(`${member.name} is ${disabled ? 'disabled' : 'enabled'}`, {
        detail,
        undo: () => void setDisabled(member, !disabled),
      });
    } catch (error) {
      warn(`${member.name} could not be ${disabled ? 'disabled' : 'enabled'}`, sentenceOf(error));
    }
  };

  const setRole = async (member: Member, role: Member['role']): Promise<void> => {
    try {
      const { roleName } = await update.mutateAsync({ id: member.id, role });
      say(`${member.name} is ${roleName} now`, { undo: () => void setRole(member, member.role) });
    } catch (error) {
      warn('The role could not be changed', sentenceOf(error));
    }
  };

  const resetSecondFactor = async (member: Member): Promise<void> => {
    const sure = await confirm({
      title: `Reset the second factor of ${member.name}?`,
      text: 'For who lost their app and their recovery codes. Their sign-ins end, and their password alone signs them in until they set up another. Be sure that it is them who asks.',
      action: 'Reset second factor',
      danger: true,
    });
    if (!sure) return;
    try {
      await reset.mutateAsync({ id: member.id });
      say(`The second factor of ${member.name} is reset`);
    } catch (error) {
      warn('The second factor could not be reset', sentenceOf(error));
    }
  };

  return {
    resetSecondFactor,
    setDisabled,
    setRole,
    /** True when the member was removed. */
    remove: async (member: Member): Promise<boolean> => {
      const sure = await confirm({
        title: `Remove ${member.name}?`,
        text: 'Sign-ins, tokens and grants of this member end now. Messages stay in the record under this name. To pause someone’s access, disable them instead.',
        action: 'Remove member',
        danger: true,
        typed: member.email,
      });
      if (!sure) return false;
      try {
        await remove.mutateAsync({ id: member.id });
        say(`${member.name} is removed`);
        return true;
      } catch (error) {
        warn(`${member.name} could not be removed`, sentenceOf(error));
        return false;
      }
    },
  };
}
