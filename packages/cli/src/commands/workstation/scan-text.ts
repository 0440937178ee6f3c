// A scan in words: per file what is in it and what strikes, then what could be done next.
import type { ScanFinding, Severity } from '@mcpvault/workstation/scanning/finding';
import type { ScannedServer } from '@mcpvault/workstation/scanning/judge-server';
import type { Scan, ScannedConfig } from '@mcpvault/workstation/scanning/scan';
import type { Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import type { Style, Tone } from '../../output/style.ts';
import { type Column, renderTable } from '../../output/table.ts';
import { count } from '../../output/words.ts';

export function renderScan({ clients }: Scan, { out, io }: Invocation): string {
  const { style, width } = out;
  if (clients.every(({ servers, state }) => servers.length === 0 && (state === 'absent' || state === 'no-servers'))) {
    return `${clients.map((config) => renderHead(config, style, io.machine.home)).join('\n')}\n${emptyState}`.trimStart();
  }
  const parts = clients.map((config) => renderConfig(config, style, width, io.machine.home));
  return [...parts, renderSummary(clients, style)].join('\n\n');
}

const emptyState = `No AI client with servers was found in the places where clients keep them.
  See which clients are known, and where they look:  mcpvault workstation clients
  Look into a project:                               mcpvault workstation scan --project DIR
  Read any file as a client reads it:                mcpvault workstation scan --file PATH --client ID`;

function renderConfig(config: ScannedConfig, style: Style, width: number | undefined, home: string): string {
  const lines = [renderHead(config, style, home)];
  if (config.servers.length > 0) lines.push(indented(renderTable(config.servers, serverColumns, style, width)));
  const worth = config.findings.filter(({ code }) => code !== 'unmanaged');
  for (const each of worth) lines.push(renderFinding(each, style));
  for (const fix of new Set(worth.filter(({ severity }) => severity !== 'note').map((each) => each.fix))) {
    lines.push(`    ${style('dim', '→')} ${fix}`);
  }
  return lines.join('\n');
}

function renderHead(config: ScannedConfig, style: Style, home: string): string {
  const path = config.path.startsWith(home) && home !== '' ? `~${config.path.slice(home.length)}` : config.path;
  const inside = config.scope === 'local' && config.project !== null ? ` for ${safeLine(config.project)}` : '';
  const state = config.state === 'ok' ? '' : `  ${style('yellow', config.state)}: ${safeLine(config.explanation)}`;
  const others = config.alsoReadBy.length === 0 ? '' : style('dim', ` (also read by ${config.alsoReadBy.join(', ')})`);
  return `${style('bold', config.name)} ${config.scope}${inside}  ${safeLine(path)}${others}${state}`;
}

const kindTones: Readonly<Record<ScannedServer['kind'], Tone>> = {
  hosted: 'green',
  delegated: 'green',
  local: 'green',
  unmanaged: 'yellow',
};

export const serverColumns: readonly Column<ScannedServer>[] = [
  { header: 'SERVER', value: ({ name, disabled }) => (disabled ? `${name} (off)` : name), shrinks: true },
  { header: 'KIND', value: ({ kind }) => kind, tone: ({ kind }) => kindTones[kind] },
  { header: 'TRANSPORT', value: ({ transport }) => transport },
  { header: 'RUNS', value: ({ runs }) => runs ?? '' },
  { header: 'PINNED', value: ({ pinned }) => (pinned === null ? '–' : pinned ? 'yes' : 'no') },
  { header: 'WHAT', value: whatRuns, shrinks: true },
];

function whatRuns({ url, package: name, command, args, server }: ScannedServer): string {
  if (server !== null) return `mcpvault bridge ${server}`;
  return url ?? name ?? [command ?? '', ...(args ?? [])].join(' ');
}

const severityTones: Readonly<Record<Severity, Tone>> = { error: 'red', warning: 'yellow', note: 'dim' };

function renderFinding({ severity, message, kind, place }: ScanFinding, style: Style): string {
  const seen = kind === undefined ? '' : ` (${kind})`;
  return `  ${style(severityTones[severity], severity.padEnd(7))} ${safeLine(message)}${seen} ${style('dim', safeLine(place))}`;
}

function renderSummary(clients: readonly ScannedConfig[], style: Style): string {
  const servers = clients.flatMap((config) => config.servers).filter(({ runs }) => runs !== null);
  const unmanaged = servers.filter(({ kind }) => kind === 'unmanaged').length;
  const errors = clients.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error').length;
  const total = `${count(servers.length, 'server')} in ${count(clients.length, 'place')}: ${unmanaged} unmanaged, ${count(errors, 'error')}.`;
  const next =
    unmanaged > 0 ? `\n${style('dim', 'Take one over, with a preview and an undo:')}  mcpvault workstation adopt` : '';
  return `${total}${next}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
