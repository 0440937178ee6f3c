import { once } from 'node:events';
import type { ExportLine } from '@mcpvault/domain/audit/export-lines';
import { Command, Option } from 'commander';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import type { OutputStream } from '../../io.ts';
import { addExamples } from '../examples.ts';
import { pastMoment } from '../moments.ts';
import { version } from '../../version.ts';

interface ExportOptions {
  readonly from?: string;
  readonly to?: string;
  /** False with `--no-calls`. */
  readonly calls: boolean;
  readonly format: 'jsonl' | 'csv' | 'ocsf';
}

export function exportAuditCommand(host: Host): Command {
  const command = new Command('export')
    .description('Write the audit log to stdout, with all that is needed to check it without the hub')
    .option('--from <time>', 'only from this time on: a day, a time, or a span back such as 90d')
    .option('--to <time>', 'only up to this time')
    .option('--no-calls', 'leave the calls out: their entries still stand for them, but do not show them')
    .addOption(
      new Option('--format <format>', 'how entries are written; only jsonl can be checked')
        .choices(['jsonl', 'csv', 'ocsf'])
        .default('jsonl'),
    )
    .action(action(host, exportAudit));
  return addExamples(
    command,
    { command: 'mcpvault audit export > audit.jsonl', does: 'All there is' },
    { command: 'mcpvault audit export --from 90d > quarter.jsonl', does: 'The last 90 days' },
    { command: 'mcpvault audit export --format csv > audit.csv', does: 'One line for each thing that happened' },
  );
}

async function exportAudit(run: Invocation, options: ExportOptions): Promise<void> {
  const now = run.io.clock.now();
  const hub = await run.connect();
  const { header, from, to, closing } = await hub.call('exportAudit', {
    from: options.from && pastMoment(options.from, now),
    to: options.to && pastMoment(options.to, now),
    calls: options.calls,
  });
  const { stdout } = run.io;
  const lines = linesOf(hub, from, to, options.calls);
  const entries = to - from === 1 ? '1 entry' : `${to - from} entries`;
  if (options.format !== 'jsonl') {
    const events = await writeEvents(stdout, lines, options.format);
    run.out.note(`${entries}, ${events} events. To be able to check the log, export it as jsonl.`);
    return;
  }
  await write(stdout, header);
  for await (const line of lines) await write(stdout, line);
  await write(stdout, closing);
  run.out.note(`${entries}, signed with key ${closing.key}. Check the file with: mcpvault audit verify FILE`);
}

/** The lines of the log between a header and what closes it. */
export async function* linesOf(hub: HubConnection, from: number, to: number, calls: boolean): AsyncGenerator<unknown> {
  for (let next: number | null = from; next !== null; ) {
    const page: { readonly items: readonly unknown[]; readonly next: number | null } = await hub.call('readAuditLog', {
      from: next,
      to,
      calls: calls ? 'true' : 'false',
    });
    yield* page.items;
    next = page.next;
  }
}

/** One line for each entry and each call, as receivers of audit events get them. */
async function writeEvents(
  stdout: OutputStream,
  lines: AsyncIterable<unknown>,
  format: 'csv' | 'ocsf',
): Promise<number> {
  const [{ eventOf }, { csvHeader, csvRow }, { ocsfEvent }] = await Promise.all([
    import('@mcpvault/domain/audit/formats/audit-event'),
    import('@mcpvault/domain/audit/formats/csv'),
    import('@mcpvault/domain/audit/formats/ocsf'),
  ]);
  if (format === 'csv') await writeText(stdout, csvHeader);
  let written = 0;
  for await (const line of lines) {
    const event = eventOf(line as ExportLine);
    if (event === null) continue;
    written += 1;
    if (format === 'csv') await writeText(stdout, csvRow(event));
    else await write(stdout, ocsfEvent(event, version));
  }
  return written;
}

function write(stdout: OutputStream, line: unknown): Promise<void> {
  return writeText(stdout, `${JSON.stringify(line)}\n`);
}

async function writeText(stdout: OutputStream, text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, 'drain');
}
