import { useWrite } from '../../api/hub.ts';
import { useConfirm } from '../../parts/confirm.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { withValue } from './editor/policy-yaml.ts';
import type { Definition } from './policy-words.ts';

/** Everything that saving takes. */
export function draftOf({
  id: _,
  version: __,
  createdAt: ___,
  updatedAt: ____,
  fellBack: _____,
  ...draft
}: Definition) {
  return draft;
}

/** What is done with a whole policy from a list or a menu, each with a way back. */
export function usePolicyActions() {
  const confirm = useConfirm();
  const replace = useWrite('replaceDefinition');
  const create = useWrite('createDefinition');
  const remove = useWrite('removePolicy');

  // Awaited and not called back: a list may be gone by then, since what it shows has changed.
  const setMode = async (definition: Definition, mode: Definition['mode']): Promise<void> => {
    const source = definition.source === null ? null : withValue(definition.source, ['mode'], mode);
    try {
      await replace.mutateAsync({ ...draftOf(definition), id: definition.id, mode, source, note: `Mode ${mode}` });
      say(`${definition.name}: ${mode}`, { undo: () => void setMode({ ...definition, source }, definition.mode) });
    } catch (error) {
      warn(`${definition.name} could not be changed`, sentenceOf(error));
    }
  };

  return {
    setMode,
    /** Whether it is removed. */
    remove: async (definition: Definition): Promise<boolean> => {
      const sure = await confirm({
        title: `Remove “${definition.name}”?`,
        text: 'Messages pass without it from the next one on. What it did stays in the record.',
        action: 'Remove policy',
        danger: true,
      });
      if (!sure) return false;
      const undo = () =>
        create.mutate(draftOf(definition), {
          onError: (error) => warn('The policy could not be brought back', sentenceOf(error)),
        });
      try {
        await remove.mutateAsync({ id: definition.id });
        say(`${definition.name} is removed`, { undo });
        return true;
      } catch (error) {
        warn('The policy could not be removed', sentenceOf(error));
        return false;
      }
    },
  };
}
