import { useWrite } from '../../api/hub.ts';
import { useConfirm } from '../../parts/confirm.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import type { Organization } from './organizations-page.tsx';

/** Suspends only who was asked and is sure; to take it back needs no question. */
export function useSuspension() {
  const confirm = useConfirm();
  const update = useWrite('updateOrganization');

  const resume = async ({ id, name }: Organization): Promise<void> => {
    try {
      await update.mutateAsync({ id, suspended: false });
      say(`${name} works again`, { detail: 'As it did before: its sign-ins and tokens too.' });
    } catch (error) {
      warn(`${name} could not be resumed`, sentenceOf(error));
    }
  };

  const suspend = async (organization: Organization): Promise<void> => {
    const { id, name, people } = organization;
    const whose = people === 1 ? 'one person' : `${people} people`;
    const sure = await confirm({
      title: `Suspend ${name}?`,
      text: `From the next request on, nobody of it may do anything: the sign-ins, tokens and AI clients of ${whose} are refused, and calls under way are answered with a refusal. Nothing is deleted: when you resume it, all goes on as it was.`,
      action: 'Suspend organization',
      danger: true,
    });
    if (!sure) return;
    try {
      await update.mutateAsync({ id, suspended: true });
      say(`${name} is suspended`, { undo: () => void resume(organization) });
    } catch (error) {
      warn(`${name} could not be suspended`, sentenceOf(error));
    }
  };

  return { suspend, resume };
}
