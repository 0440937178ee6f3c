// Comma-separated values (RFC 4180) for spreadsheets. What a spreadsheet would run as a formula is kept from it.
import type { AuditEvent } from './audit-event.ts';

const columns = [
  'place',
  'id',
  'at',
  'kind',
  'actor',
  'actedBy',
  'role',
  'action',
  'subject',
  'server',
  'target',
  'outcome',
  'reason',
  'address',
  'client',
  'correlation',
  'trace',
  'durationMs',
  'parameters',
  'detail',
] as const satisfies readonly (keyof AuditEvent)[];

/** The names of the columns, with the line's end. */
export const csvHeader = `${columns.join(',')}\r\n`;

/** One line, with its end. */
export function csvRow(event: AuditEvent): string {
  return `${columns.map((column) => cell(valueOf(event, column))).join(',')}\r\n`;
}

function valueOf(event: AuditEvent, column: (typeof columns)[number]): string {
  if (column === 'at') return new Date(event.at).toISOString();
  if (column === 'detail') return JSON.stringify(event.detail);
  return String(event[column] ?? '');
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
