// The last reports as lines for spreadsheets and scripts: a line for each server, or for each finding.
import type { LastReport } from '@mcpvault/store/workstations/scan-reports-store';

type Row = Readonly<Record<string, string | number | boolean | null>>;

export function exportRows(reports: readonly LastReport[], of: 'servers' | 'findings'): readonly Row[] {
  return reports.flatMap((report) =>
    report.clients.flatMap((config): readonly Row[] => {
      const place = {
        workstation: report.workstation.name,
        workstationId: report.workstation.id,
        member: report.member.email,
        takenAt: new Date(report.takenAt).toISOString(),
        client: config.client,
        scope: config.scope,
        path: config.path,
        project: config.project,
      };
      if (of === 'findings') {
        return config.findings.map(({ server = null, code, severity, place: at, kind = null, message, fix }) => ({
          ...place,
          ...{ server, code, severity, place: at, kind, message, fix },
        }));
      }
      return config.servers.map((server) => ({
        ...place,
        ...{ server: server.name, kind: server.kind, transport: server.transport, runs: server.runs },
        ...{ package: server.package, pinned: server.pinned, disabled: server.disabled, command: server.command },
        args: server.args === null ? null : server.args.join(' '),
        url: server.url,
      }));
    }),
  );
}

/** RFC 4180. What a spreadsheet would run as a formula is kept from it. */
export function csvOf(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]) => `${cells.map(cell).join(',')}\r\n`;
  return line(columns) + rows.map((row) => line(columns.map((column) => String(row[column] ?? '')))).join('');
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
