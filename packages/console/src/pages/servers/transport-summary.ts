import type { Server } from './server-status.tsx';

/** How a server is reached, in one line with long paths cut; nothing for members, who are not told. */
export function transportSummary(transport: Server['transport']): string | null {
  if (!transport) return null;
  if (transport.type !== 'stdio') return transport.url;
  return [transport.command.split(/[/\\]/).at(-1) ?? '', ...transport.args.map(shortened)].join(' ');
}

/** `/a/long/way/to/server/dist/index.js` → `…/server/dist/index.js` */
function shortened(word: string): string {
  const steps = word.split('/');
  return word.startsWith('/') && steps.length > 4 ? `…/${steps.slice(-3).join('/')}` : word;
}
