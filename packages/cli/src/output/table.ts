// Tables for people: aligned, cut to the terminal's width where there is one, never wrapped.
import { displayWidth, truncate } from './display-width.ts';
import { safeLine } from './safe-text.ts';
import type { Style, Tone } from './style.ts';

export interface Column<Row> {
  readonly header: string;
  value(row: Row): string;
  tone?(row: Row): Tone | undefined;
  readonly align?: 'right';
  /** Whether this column gives way when the terminal is too narrow. */
  readonly shrinks?: boolean;
}

const gap = '  ';
const narrowest = 12;

/** `width` is the terminal's, or undefined for no limit. Ends without a line break. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: Style,
  width?: number,
): string {
  const cells = rows.map((row) => columns.map((column) => safeLine(column.value(row))));
  const widths = fit(
    columns.map((column, index) =>
      Math.max(displayWidth(column.header), ...cells.map((line) => displayWidth(line[index] ?? ''))),
    ),
    columns,
    width,
  );
  const line = (texts: readonly string[], tone: (index: number) => Tone | undefined): string =>
    columns
      .map((column, index) => {
        const room = widths[index] ?? 0;
        const text = truncate(texts[index] ?? '', room);
        const padding = ' '.repeat(room - displayWidth(text));
        const chosen = tone(index);
        const shown = chosen === undefined ? text : style(chosen, text);
        if (column.align === 'right') return padding + shown;
        return index === columns.length - 1 ? shown : shown + padding;
      })
      .join(gap)
      .trimEnd();
  const header = line(
    columns.map((column) => column.header),
    () => 'dim',
  );
  return [header, ...rows.map((row, at) => line(cells[at] ?? [], (index) => columns[index]?.tone?.(row)))].join('\n');
}

/** Takes what is too much from the columns that give way, widest first. */
function fit<Row>(natural: readonly number[], columns: readonly Column<Row>[], width: number | undefined): number[] {
  const widths = [...natural];
  if (width === undefined) return widths;
  const total = (): number => widths.reduce((sum, each) => sum + each, 0) + gap.length * (widths.length - 1);
  for (let excess = total() - width; excess > 0; excess = total() - width) {
    const shrinkable = widths.map((each, index) => (columns[index]?.shrinks ? each : 0));
    const widest = shrinkable.indexOf(Math.max(...shrinkable));
    const room = (widths[widest] ?? 0) - narrowest;
    if (room <= 0 || !columns[widest]?.shrinks) break;
    widths[widest] = (widths[widest] ?? 0) - Math.min(room, excess);
  }
  return widths;
}

/** `Label  value` lines, the values aligned; pairs with an undefined value are left out. */
export function renderDetails(pairs: readonly (readonly [string, string | undefined])[], style: Style): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const room = Math.max(0, ...shown.map(([label]) => displayWidth(label)));
  return shown
    .map(([label, value]) => `${style('dim', label)}${' '.repeat(room - displayWidth(label))}${gap}${value}`)
    .join('\n');
}
