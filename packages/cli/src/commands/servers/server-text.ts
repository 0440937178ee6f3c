import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import type { Output } from '../../output/output.ts';
import { safeLine } from '../../output/safe-text.ts';
import type { Tone } from '../../output/style.ts';
import { type Column, renderDetails } from '../../output/table.ts';
import { count, relativeTime } from '../../output/words.ts';
import { processLines } from './process-options.ts';

export type Server = OutputOf<Operations['getServer']>;

const tones: Readonly<Record<Server['status'], Tone>> = {
  ready: 'green',
  connecting: 'yellow',
  unavailable: 'red',
  disabled: 'dim',
};

export const serverColumns: readonly Column<Server>[] = [
  { header: 'NAME', value: (server) => server.name },
  { header: 'STATUS', value: (server) => server.status, tone: (server) => tones[server.status] },
  { header: 'TOOLS', value: (server) => String(server.tools), align: 'right' },
  { header: 'RUNS', value: (server) => runs(server), shrinks: true },
  { header: 'REASON', value: (server) => server.reason ?? '', shrinks: true },
];

export function renderServer(server: Server, { style }: Output, now: number): string {
  const { transport } = server;
  return renderDetails(
    [
      ['Name', server.name],
      ['Id', server.id],
      ['Status', style(tones[server.status], server.status)],
      ['Reason', server.reason === null ? undefined : safeLine(server.reason)],
      ['Fix', server.fix === null ? undefined : safeLine(server.fix)],
      ['Checked', relativeTime(server.checkedAt, now)],
      ['Endpoint', server.endpoint],
      ['Tools', String(server.tools)],
      ['Connections', String(server.connections)],
      ['Isolation', server.isolation],
      ...processLines(server),
      ['Version', String(server.version)],
      ['Runs', transport === undefined ? undefined : safeLine(runs(server))],
      ['Folder', transport?.type === 'stdio' && transport.cwd !== undefined ? safeLine(transport.cwd) : undefined],
      ['Secrets', transport === undefined ? undefined : secretNames(transport) || 'none'],
      ['Added', relativeTime(server.createdAt, now)],
      ['Changed', relativeTime(server.updatedAt, now)],
    ],
    style,
  );
}

/** One line on how a server is after something was done to it. */
export function outcomeLine(server: Server): string {
  if (server.status === 'ready')
    return `${server.name} is ready with ${count(server.tools, 'tool')}, at ${server.endpoint}`;
  return `${server.name} is ${server.status}.`;
}

/** Empty for members, who do not see it. */
function runs({ transport }: Server): string {
  if (transport === undefined) return '';
  if (transport.type !== 'stdio') return transport.url;
  return [transport.command, ...transport.args].map(quoted).join(' ');
}

function secretNames(transport: NonNullable<Server['transport']>): string {
  return (transport.type === 'stdio' ? transport.env : transport.headers).join(', ');
}

/** As one would type it in a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
