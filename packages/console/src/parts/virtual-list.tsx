import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { counted } from '../format.ts';
import './virtual-list.css';

export interface VirtualListHandle {
  scrollToIndex(index: number): void;
  focus(): void;
}

interface VirtualListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly itemKey: (item: Item) => string;
  /** Pixels of one row; the same for all, so that a million rows cost nothing. */
  readonly rowHeight: number;
  /** The column heads, as cells; the head row stays in sight. */
  readonly head: readonly { readonly key: string; readonly label: string; readonly align?: 'end' }[];
  /** The cells of a row, each with `role="gridcell"`. */
  readonly row: (item: Item, index: number) => ReactNode;
  readonly selected: string | null;
  /** Moved to by the arrow keys or j and k, or pressed. */
  readonly onSelect: (item: Item) => void;
  readonly onOpen: (item: Item) => void;
  /** The end came into sight: load more. */
  readonly onEnd?: () => void;
  /** Rows in all, when more are known of than are loaded; -1 when nobody knows. */
  readonly total?: number;
  readonly footer?: ReactNode;
  /** For the class names of the rows' columns. */
  readonly className: string;
  readonly ref?: Ref<VirtualListHandle>;
}

/** A grid of which only the visible rows exist; screen readers are told how many there are. */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { items, itemKey, rowHeight, selected, onSelect, onOpen, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : itemKey(item);
    },
    overscan: 12,
  });

  // Who has scrolled away keeps their place when items join at the front, and is told how many did.
  const first = useRef<string | null>(null);
  const [joined, setJoined] = useState(0);
  useLayoutEffect(() => {
    const frame = scroller.current;
    const before = first.current;
    first.current = items[0] === undefined ? null : itemKey(items[0]);
    if (!frame || before === null || frame.scrollTop < rowHeight) return;
    const shift = items.findIndex((item) => itemKey(item) === before);
    if (shift <= 0) return;
    frame.scrollTop += shift * rowHeight;
    setJoined((count) => count + shift);
  }, [items, itemKey, rowHeight]);

  useImperativeHandle(props.ref, () => ({
    scrollToIndex: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
    focus: () => scroller.current?.focus({ preventScroll: true }),
  }));

  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= items.length - 8 && items.length > 0) onEnd?.();
  }, [last, items.length, onEnd]);

  const at = selected === null ? -1 : items.findIndex((item) => itemKey(item) === selected);
  const move = (to: number) => {
    const item = items[Math.max(0, Math.min(items.length - 1, to))];
    if (item === undefined) return;
    onSelect(item);
    virtual.scrollToIndex(Math.max(0, Math.min(items.length - 1, to)), { align: 'auto' });
  };
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(at + 1),
    ArrowUp: () => move(at < 0 ? 0 : at - 1),
    Home: () => move(0),
    End: () => move(items.length - 1),
    Enter: () => {
      const item = items[at];
      if (item !== undefined) onOpen(item);
    },
  };

  return (
    <div className="virtual-frame">
      <div
        ref={scroller}
        className={`virtual ${props.className}`}
        role="grid"
        aria-label={props.label}
        aria-rowcount={(props.total ?? items.length) + (props.total === -1 ? 0 : 1)}
        aria-activedescendant={at < 0 ? undefined : `row-${selected}`}
        tabIndex={0}
        onScroll={(event) => {
          if (joined > 0 && event.currentTarget.scrollTop < rowHeight) setJoined(0);
        }}
        onClick={(event) => {
          const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
          const item = row === null ? undefined : items[Number(row.dataset['index'])];
          if (item === undefined) return;
          onSelect(item);
          onOpen(item);
        }}
        onKeyDown={(event) => {
          const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
          if (!act || event.target !== event.currentTarget) return;
          event.preventDefault();
          act();
        }}
      >
        <div role="rowgroup" className="virtual-head">
          <div role="row" aria-rowindex={1} className="virtual-row">
            {props.head.map((cell) => (
              <div key={cell.key} role="columnheader" data-column={cell.key} data-align={cell.align}>
                {cell.label}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="virtual-body" style={{ height: virtual.getTotalSize() }}>
          {rows.map((place) => {
            const item = items[place.index];
            if (item === undefined) return null;
            const key = itemKey(item);
            return (
              <div
                key={key}
                id={`row-${key}`}
                role="row"
                data-index={place.index}
                aria-rowindex={place.index + 2}
                aria-selected={key === selected}
                className="virtual-row"
                style={{ height: rowHeight, translate: `0 ${place.start}px` }}
              >
                {props.row(item, place.index)}
              </div>
            );
          })}
        </div>
        {props.footer && <div className="virtual-foot">{props.footer}</div>}
      </div>
      {joined > 0 && (
        <div className="virtual-joined">
          <button type="button" onClick={() => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' })}>
            <ArrowUp size={13} aria-hidden="true" /> {counted(joined, 'new', 'new')}
          </button>
        </div>
      )}
    </div>
  );
}
