import type { ReactNode } from 'react';
import { SkeletonLines } from './skeleton.tsx';
import './table.css';

export interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'end';
  /** The head is said but not shown; for a column of actions. */
  readonly quiet?: boolean;
  /** At phone width the cell is left out, shown without its head, or (the default) as a line "head: cell". */
  readonly phone?: 'hidden' | 'bare' | 'line';
  /** Takes what room is left. */
  readonly wide?: boolean;
}

interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** undefined while loading. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  readonly dim?: (row: Row) => boolean;
}

/** A real table; at phone width every row becomes a card. */
export function Table<Row>({ caption, columns, rows, rowKey, dim }: TableProps<Row>) {
  if (rows === undefined) return <SkeletonLines count={6} label={`Loading ${caption.toLowerCase()}`} />;
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-align={column.align} data-wide={column.wide || undefined}>
                <span className={column.quiet ? 'visually-hidden' : undefined}>{column.head}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-dim={dim?.(row) || undefined}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-align={column.align}
                  data-phone={column.phone ?? 'line'}
                  data-head={column.head}
                  data-quiet={column.quiet || undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
