// What is marked in a body: where policies edited it, where the gateway itself did, and what a detector noticed that no
// policy acted on. Pure.
import type { Output } from '../../api/hub.ts';
import type { ByteSpan } from '../../parts/json/byte-spans.ts';
import { deliveredSpans } from '../../parts/json/byte-spans.ts';
import type { MarkedSpan } from '../../parts/json/json-view.tsx';

type Body = NonNullable<Output<'getMessage'>['request']>;

export interface Mark {
  /** Shown beside the mark and in the list; counts on over both bodies. */
  readonly number: number;
  readonly tone: MarkedSpan['tone'];
  /** What it is: a detector's title, or what the gateway did. */
  readonly what: string;
  readonly policy: { readonly id: string; readonly name: string } | null;
  /** Which layer edited it; null for what was only noticed. */
  readonly layer: 'hub' | 'workstation' | null;
  readonly reason: string | null;
  readonly inOriginal: ByteSpan;
  /** null for what was only noticed: nothing changed there. */
  readonly inDelivered: ByteSpan | null;
}

export function marksOf(body: Body | null, titleOf: (detector: string) => string, before: number): readonly Mark[] {
  if (!body) return [];
  const moved = deliveredSpans(body.edits);
  const edits = body.edits.map((edit, index) => ({
    tone: edit.policy ? (edit.replacement === '' ? ('removed' as const) : ('redacted' as const)) : ('found' as const),
    what: edit.detector ? titleOf(edit.detector) : edit.policy ? 'Redacted' : 'Rewritten on the way',
    policy: edit.policy,
    layer: edit.layer,
    reason: edit.reason,
    inOriginal: { start: edit.start, end: edit.end },
    inDelivered: moved[index] ?? null,
  }));
  const isEdited = within(body.edits);
  const noticed = body.findings
    .filter((finding) => !isEdited(finding))
    .map(({ detector, start, end }) => ({
      tone: 'found' as const,
      what: titleOf(detector),
      policy: null,
      layer: null,
      reason: 'Noticed; no policy acted on it.',
      inOriginal: { start, end },
      inDelivered: null,
    }));
  return [...edits, ...noticed]
    .sort((one, other) => one.inOriginal.start - other.inOriginal.start)
    .map((mark, index) => ({ ...mark, number: before + index + 1 }));
}

/** Whether a span meets one of these, which do not overlap: asked of many thousands, so by halves. */
function within(spans: readonly ByteSpan[]): (span: ByteSpan) => boolean {
  const ordered = spans.toSorted((one, other) => one.start - other.start);
  return ({ start, end }) => {
    let from = 0;
    let to = ordered.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((ordered[middle]?.start ?? 0) < end) from = middle + 1;
      else to = middle;
    }
    const last = ordered[from - 1];
    return last !== undefined && last.end > start;
  };
}

/** As spans of one view of the body. Marks without a place there come out empty at the front and are not drawn. */
export function spansOf(marks: readonly Mark[], view: 'original' | 'delivered'): MarkedSpan[] {
  return marks.flatMap((mark) => {
    const place = view === 'original' ? mark.inOriginal : mark.inDelivered;
    if (place === null) return [];
    const because = mark.policy ? `policy “${mark.policy.name}”` : mark.reason;
    return [
      {
        ...place,
        tone: mark.tone,
        number: mark.number,
        layer: mark.layer,
        label: [mark.what, because, mark.layer === 'workstation' ? 'on the workstation' : null]
          .filter((part) => part)
          .join(', '),
      },
    ];
  });
}

export interface MarkGroup {
  readonly policy: Mark['policy'];
  readonly reason: string | null;
  readonly layer: Mark['layer'];
  readonly kinds: readonly { readonly what: string; readonly marks: readonly Mark[] }[];
}

/** Marks with one policy and reason belong together, and within those the ones of one kind. Policies come first. */
export function groupsOf(marks: readonly Mark[]): readonly MarkGroup[] {
  const groups = Map.groupBy(marks, (mark) => `${mark.policy?.id ?? ''} ${mark.layer ?? ''} ${mark.reason ?? ''}`);
  return [...groups.values()]
    .map((members) => ({
      policy: members[0]?.policy ?? null,
      reason: members[0]?.reason ?? null,
      layer: members[0]?.layer ?? null,
      kinds: [...Map.groupBy(members, (mark) => mark.what)].map(([what, of]) => ({ what, marks: of })),
    }))
    .sort((one, other) => Number(one.policy === null) - Number(other.policy === null));
}
