import { Ellipsis } from 'lucide-react';
import { type Output, useWrite } from '../../api/hub.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Menu } from '../../parts/menu.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';

export type Definition = Output<'getDefinition'>;

/** Whether the form can show all that a policy says. */
export function isPlain({ actions, condition, mode, percentage, scope, tests, directions }: Definition): boolean {
  const { servers: _, ...narrower } = scope;
  const [action] = actions;
  const isKnown =
    action?.type === 'refuse' || (action?.type === 'redact' && (action.style === 'label' || action.style === 'mask'));
  const isWhole = condition === null && tests.length === 0 && mode !== 'shadow' && percentage === 100;
  const isUsual = directions.some((direction) => direction !== 'listing');
  return (
    isWhole && isKnown && isUsual && actions.length === 1 && Object.values(narrower).every((part) => part === null)
  );
}

const tones: Readonly<Record<Definition['mode'], Tone>> = { enforce: 'ok', shadow: 'brass', draft: 'neutral' };

/** A policy that says more than the form can: with its condition as it is written, and its mode to be switched. */
export function DefinitionCard({
  definition,
  mayWrite,
}: {
  readonly definition: Definition;
  readonly mayWrite: boolean;
}) {
  const actions = useDefinitionActions();
  const { name, reason, severity, mode, percentage, condition, tests } = definition;
  return (
    <li className="card policy" data-off={mode === 'draft' ? '' : undefined}>
      <div className="policy-words">
        <h2 className="row">
          {name}
          <Badge tone={tones[mode]}>{mode === 'enforce' && percentage < 100 ? `enforce ${percentage} %` : mode}</Badge>
          <Badge>{severity}</Badge>
        </h2>
        <p>{`${definition.actions.map(({ type }) => type).join(', ')}; ${tests.length} tests, version ${definition.version}`}</p>
        {condition !== null && (
          <p>
            <code>{condition}</code>
          </p>
        )}
        <p className="soft">{reason}</p>
      </div>
      {mayWrite && (
        <Menu
          trigger={<IconButton icon={Ellipsis} label={`Actions for ${name}`} />}
          actions={[
            ...(['enforce', 'shadow', 'draft'] as const)
              .filter((next) => next !== mode)
              .map((next) => ({ label: words[next], onSelect: () => actions.setMode(definition, next) })),
            null,
            { label: 'Remove…', danger: true, onSelect: () => void actions.remove(definition) },
          ]}
        />
      )}
    </li>
  );
}

const words = { enforce: 'Enforce it', shadow: 'Only watch', draft: 'Switch off' };

function useDefinitionActions() {
  const confirm = useConfirm();
  const replace = useWrite('replaceDefinition');
  const create = useWrite('createDefinition');
  const remove = useWrite('removePolicy');
  const draftOf = ({ id: _, version: __, createdAt: ___, updatedAt: ____, ...draft }: Definition) => draft;

  const setMode = (definition: Definition, mode: Definition['mode']): void =>
    replace.mutate(
      { ...draftOf(definition), id: definition.id, mode },
      {
        onSuccess: () => say(`${definition.name}: ${mode}`, { undo: () => setMode(definition, definition.mode) }),
        onError: (error) => warn(`${definition.name} could not be changed`, sentenceOf(error)),
      },
    );

  return {
    setMode,
    remove: async (definition: Definition) => {
      const sure = await confirm({
        title: `Remove “${definition.name}”?`,
        text: 'Messages pass without it from the next one on. What it did stays in the record.',
        action: 'Remove policy',
        danger: true,
      });
      if (!sure) return;
      const undo = () =>
        create.mutate(draftOf(definition), {
          onError: (error) => warn('The policy could not be brought back', sentenceOf(error)),
        });
      remove.mutate(
        { id: definition.id },
        {
          onSuccess: () => say(`${definition.name} is removed`, { undo }),
          onError: (error) => warn('The policy could not be removed', sentenceOf(error)),
        },
      );
    },
  };
}
