// The editing tab: text and form side by side, what is wrong, and the tests that travel with the policy.
import { Redo2, Undo2 } from 'lucide-react';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useAll, useRead } from '../../../api/hub.ts';
import { IconButton } from '../../../parts/button.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { SkeletonLines } from '../../../parts/skeleton.tsx';
import { Segments } from '../../../parts/tabs.tsx';
import { useMedia } from '../../../parts/use-media.ts';
import type { PolicyDraft, TextProblem } from '../use-policy-draft.ts';
import type { Vocabulary } from './completions.ts';
import { PolicyForm } from './policy-form.tsx';
import { PolicyProblems } from './policy-problems.tsx';
import type { TextEditorHandle } from './text-editor.tsx';

const TextEditor = lazy(() => import('./text-editor.tsx'));

interface PolicyEditProps {
  readonly draft: PolicyDraft;
  /** Nothing was written yet: what is missing is not called wrong. */
  readonly isUntouched: boolean;
  readonly mayWrite: boolean;
  readonly onSave: () => void;
}

const nothing: readonly never[] = [];

export function PolicyEdit({ draft, isUntouched, mayWrite, onSave }: PolicyEditProps) {
  const { text, values, set, edit } = draft;
  const problems = isUntouched ? nothing : draft.problems;
  const words = useVocabulary();
  const detectors = useRead('listDetectors', {}).data?.items ?? nothing;
  const editor = useRef<TextEditorHandle>(null);
  const isNarrow = useMedia('(width < 1000px)');
  const [view, setView] = useState<'form' | 'text'>('form');
  const marks = useMemo(() => problems.flatMap(markOf), [problems]);
  const show = (start: number) => {
    setView('text');
    // The text may only now be drawn.
    requestAnimationFrame(() => editor.current?.show(start));
  };

  return (
    <div className="policy-edit">
      {isNarrow && (
        <Segments
          label="Edit as"
          value={view}
          options={[
            { value: 'form', label: 'Form' },
            { value: 'text', label: 'Text' },
          ]}
          onChange={setView}
        />
      )}
      <div className="policy-sides">
        <div className="policy-text" hidden={isNarrow && view !== 'text'}>
          <div className="policy-text-head">
            <span className="soft">YAML, with completion: Ctrl-Space</span>
            <span className="row">
              <IconButton
                icon={Undo2}
                size="small"
                label="Undo"
                disabled={!mayWrite}
                onClick={() => editor.current?.undo()}
              />
              <IconButton
                icon={Redo2}
                size="small"
                label="Redo"
                disabled={!mayWrite}
                onClick={() => editor.current?.redo()}
              />
            </span>
          </div>
          <Suspense fallback={<SkeletonLines count={12} label="Loading the editor" />}>
            <TextEditor
              ref={editor}
              label="The policy as YAML"
              text={text}
              readOnly={!mayWrite}
              onChange={set}
              marks={marks}
              words={words}
              onSave={onSave}
            />
          </Suspense>
          {!isNarrow && !isUntouched && <PolicyProblems draft={draft} onShow={show} />}
        </div>
        <div className="policy-side" hidden={isNarrow && view !== 'form'}>
          {values === null ? (
            <Notice tone="warn" title="The text cannot be read as it stands">
              <p>Mend it, and the form is back.</p>
            </Notice>
          ) : (
            <PolicyForm
              values={values}
              edit={edit}
              problems={problems}
              detectors={detectors}
              servers={words.servers}
              teams={words.teams}
              readOnly={!mayWrite}
            />
          )}
        </div>
      </div>
      {isNarrow && !isUntouched && <PolicyProblems draft={draft} onShow={show} />}
    </div>
  );
}

function markOf({ problem, fix, isWarning, place }: TextProblem) {
  return place === null ? [] : [{ start: place.start, end: place.end, isWarning, message: `${problem} ${fix}`.trim() }];
}

function useVocabulary(): Vocabulary {
  const language = useRead('describeLanguage', {}, { once: true }).data;
  const detectors = useRead('listDetectors', {}).data?.items ?? nothing;
  const servers = useAll('listServers', {}).data;
  const teams = useAll('listTeams', {}).data;
  return useMemo(
    () => ({
      variables: language?.variables ?? [],
      functions: language?.functions ?? [],
      detectors,
      servers: servers?.map(({ name }) => name) ?? [],
      teams: teams?.map(({ name }) => name) ?? [],
    }),
    [language, detectors, servers, teams],
  );
}
