import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { authOf } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';

/** Where a member signs in at a server: a page of the console, which knows who they are. */
export function connectPage(hub: string, server: string): string {
  return `${hub}/connect/${encodeURIComponent(server)}`;
}

/** `why` is a sentence for people. Members are sent to the page; what all share, only an admin can mend. */
export function notConnected(hub: string, server: ServerEntry, why: string): Failure {
  const url = connectPage(hub, server.name);
  if (authOf(server)?.mode === 'shared') {
    return new Failure('not_connected', `${why} An admin can connect it at ${url}.`, { server: server.name });
  }
  return new Failure('not_connected', `${why} Sign in at ${url} and try again.`, { server: server.name, url });
}
