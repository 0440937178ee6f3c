import { useState } from 'react';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { deliveredSpans } from '../../parts/json/byte-spans.ts';
import { JsonView, type MarkedSpan } from '../../parts/json/json-view.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { SideOf, type Side } from '../messages/message-judged.tsx';

export interface TriedSide {
  readonly outcome: 'allowed' | 'edited' | 'held' | 'refused';
  readonly reason: string | null;
  readonly original: string | null;
  readonly delivered: string | null;
  readonly edits: readonly TriedEdit[];
  readonly trace: Side;
  readonly findings: readonly { readonly detector: string; readonly pointer: string; readonly confidence: number }[];
}

export interface TriedEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly detector?: string | null;
  readonly reason?: string;
}

export const outcomeTones: Readonly<Record<TriedSide['outcome'], Tone>> = {
  allowed: 'ok',
  edited: 'brass',
  held: 'warn',
  refused: 'bad',
};

const outcomeWords = { allowed: 'passes', edited: 'is edited', held: 'is held', refused: 'is refused' };

/** What a draft makes of one side of a message: which rules matched and why not, with every edit in its place. */
export function TrialView({ title, tried }: { readonly title: string; readonly tried: TriedSide }) {
  const { outcome, reason, original, delivered, edits, trace, findings } = tried;
  return (
    <section className="trial card" data-padded="" aria-label={title}>
      <h3 className="row">
        {title} <Badge tone={outcomeTones[outcome]}>{outcomeWords[outcome]}</Badge>
      </h3>
      {reason !== null && <p>{reason}</p>}
      <SideOf title="What each rule said" said={trace} open />
      {findings.length > 0 && (
        <ul className="trial-findings">
          {findings.slice(0, 20).map(({ detector, pointer, confidence }) => (
            <li key={`${detector} ${pointer}`}>
              <code>{detector}</code> at <code>{pointer}</code>, {Math.round(confidence * 100)} % sure
            </li>
          ))}
        </ul>
      )}
      {original === null ? (
        <p className="soft">The message itself is for those who may read originals.</p>
      ) : (
        <EditedBody title={title} original={original} delivered={delivered} edits={edits} />
      )}
    </section>
  );
}

interface EditedBodyProps {
  readonly title: string;
  readonly original: string;
  readonly delivered: string | null;
  readonly edits: readonly TriedEdit[];
}

/** A body before and after, each with its edits marked. */
export function EditedBody({ title, original, delivered, edits }: EditedBodyProps) {
  const [view, setView] = useState<'before' | 'after'>('before');
  const shown = view === 'after' && delivered !== null ? 'after' : 'before';
  const spans = shown === 'before' ? edits : deliveredSpans(edits);
  const marks = spans.map(({ start, end }, index): MarkedSpan => {
    const edit = edits[index];
    const tone = edit?.replacement === '' ? 'removed' : 'redacted';
    return { start, end, tone, label: edit?.detector ?? edit?.reason ?? 'edited', number: index + 1 };
  });
  return (
    <>
      {edits.length > 0 && delivered !== null && (
        <Segments
          label={`${title}: before or after`}
          value={shown}
          options={[
            { value: 'before', label: 'Before' },
            { value: 'after', label: 'After' },
          ]}
          onChange={setView}
        />
      )}
      <JsonView label={`${title}, ${shown}`} text={shown === 'before' ? original : (delivered ?? '')} spans={marks} />
    </>
  );
}
