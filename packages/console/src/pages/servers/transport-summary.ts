import type { Server } from './server-status.tsx';
import { joinCommand } from './command-line.ts';

/** How a server is reached, in one line; nothing for members, who are not told. */
export function transportSummary(transport: Server['transport']): string | null {
  if (!transport) return null;
  return transport.type === 'stdio' ? joinCommand([transport.command, ...transport.args]) : transport.url;
}
