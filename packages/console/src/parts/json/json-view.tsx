import { ChevronDown, ChevronRight } from 'lucide-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { ByteSpan } from './byte-spans.ts';
import { jsonLines, type Line, type Piece } from './json-lines.ts';
import './json-view.css';

export interface MarkedSpan extends ByteSpan {
  /** Shown in brass for what was redacted, quietly for what was only noticed. */
  readonly tone: 'redacted' | 'removed' | 'found';
  /** What the mark means, for the tooltip and screen readers. */
  readonly label: string;
  /** The number under which the list beside the text speaks of it. */
  readonly number: number;
  /** Who edited it, where that differs: what workstations did has an edge of its own. */
  readonly layer?: 'hub' | 'workstation' | null;
}

export interface JsonViewHandle {
  /** Brings a marked span into sight. */
  show(span: number): void;
}

interface JsonViewProps {
  readonly label: string;
  readonly text: string;
  readonly spans?: readonly MarkedSpan[];
  readonly ref?: Ref<JsonViewHandle>;
}

const lineHeight = 20;

/** JSON as it was written, laid out for reading, with marked spans. Long texts cost no more than what is in sight. */
export function JsonView({ label, text, spans = [], ref }: JsonViewProps) {
  const lines = useMemo(() => jsonLines(text, spans), [text, spans]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [target, setTarget] = useState<number | null>(null);
  const shown = useMemo(() => visible(lines, folded), [lines, folded]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
    getItemKey: (index) => shown[index] ?? index,
  });

  useImperativeHandle(ref, () => ({
    show(span) {
      scroller.current?.scrollIntoView({ block: 'nearest' });
      setFolded(new Set());
      setTarget(span);
    },
  }));

  useEffect(() => {
    if (target === null) return;
    const at = shown.findIndex((index) => lines[index]?.pieces.some((piece) => piece.span === target));
    if (at >= 0) virtual.scrollToIndex(at, { align: 'center' });
    const timer = setTimeout(() => setTarget(null), 1500);
    return () => clearTimeout(timer);
  }, [target, shown, lines, virtual]);

  const toggle = (index: number) => {
    const next = new Set(folded);
    if (!next.delete(index)) next.add(index);
    setFolded(next);
  };

  return (
    <div ref={scroller} className="json" role="region" aria-label={label} tabIndex={0}>
      <div className="json-page" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((place) => {
          const index = shown[place.index] ?? 0;
          const line = lines[index];
          return (
            line && (
              <div
                key={place.key}
                ref={virtual.measureElement}
                data-index={place.index}
                className="json-line"
                style={{ translate: `0 ${place.start}px`, paddingInlineStart: 22 + line.depth * 16 }}
              >
                {line.closes !== null && (
                  <Fold folded={folded.has(index)} depth={line.depth} onToggle={() => toggle(index)} />
                )}
                {line.pieces.map((piece, at) => (
                  // Pieces never move within their line.
                  // oxlint-disable-next-line react/no-array-index-key
                  <PieceText key={at} piece={piece} spans={spans} target={target} />
                ))}
                {folded.has(index) && <FoldedRest line={lines[line.closes ?? 0]} />}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

/** Indexes of the lines to show: everything between a folded line and its closing line is left out, that one too. */
function visible(lines: readonly Line[], folded: ReadonlySet<number>): number[] {
  const shown: number[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    shown.push(index);
    if (folded.has(index)) index = lines[index]?.closes ?? index;
  }
  return shown;
}

function Fold({
  folded,
  depth,
  onToggle,
}: {
  readonly folded: boolean;
  readonly depth: number;
  readonly onToggle: () => void;
}) {
  const Icon = folded ? ChevronRight : ChevronDown;
  return (
    <button
      type="button"
      className="json-fold"
      style={{ insetInlineStart: 3 + depth * 16 }}
      aria-label={folded ? 'Unfold' : 'Fold'}
      aria-expanded={!folded}
      onClick={onToggle}
    >
      <Icon size={13} aria-hidden="true" />
    </button>
  );
}

function FoldedRest({ line }: { readonly line: Line | undefined }) {
  return (
    <>
      <span className="json-rest">…</span>
      {line?.pieces.map((piece) => (
        <span key={piece.text} data-kind={piece.kind}>
          {piece.text}
        </span>
      ))}
    </>
  );
}

interface PieceTextProps {
  readonly piece: Piece;
  readonly spans: readonly MarkedSpan[];
  /** The span being shown to the reader just now. */
  readonly target: number | null;
}

function PieceText({ piece, spans, target }: PieceTextProps) {
  const span = piece.span === null ? undefined : spans[piece.span];
  const lit = span !== undefined && piece.span === target;
  const text = piece.kind === 'break' ? '\\n\n' : <LongText text={piece.text} kind={piece.kind} />;
  if (!span) return <span data-kind={piece.kind}>{text}</span>;
  return (
    <mark
      className="json-mark"
      data-tone={span.tone}
      data-layer={span.layer ?? undefined}
      data-lit={lit || undefined}
      title={span.label}
    >
      <span className="visually-hidden">{` [${span.label}: `}</span>
      {text}
      {piece.text === '' && <span className="json-gone">removed</span>}
      <span className="visually-hidden">{'] '}</span>
      <sup aria-hidden="true">{span.number}</sup>
    </mark>
  );
}

const longest = 6000;

/** A megabyte in one string would stop the browser; the middle comes on demand. */
function LongText({ text, kind }: { readonly text: string; readonly kind: Piece['kind'] }) {
  const [whole, setWhole] = useState(false);
  if (whole || text.length <= longest || kind === 'mark') return text;
  return (
    <>
      {text.slice(0, longest / 2)}
      <button type="button" className="json-more" onClick={() => setWhole(true)}>
        {(text.length - longest).toLocaleString('en')} more characters
      </button>
      {text.slice(-longest / 2)}
    </>
  );
}
