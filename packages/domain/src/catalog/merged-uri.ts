// URIs and task ids under which the merged endpoint offers what its servers have. Each says whose it is, so that no server
// can claim another's: `test://static` of `files` is `test://files.mcpvault/static`, and what has no `://` at its beginning
// is `mcpvault:files:` and the whole of it. The scheme stays in front, since clients tell by it what a resource is for.
import { serverNamePattern } from './server.ts';

const withScheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
const ownScheme = 'mcpvault:';
const ownHost = '.mcpvault/';

/** What the merged endpoint calls a URI, or a URI template, of a server. The expansions of a template follow it. */
export function mergedUri(server: string, uri: string): string {
  const scheme = withScheme.exec(uri)?.[0];
  if (scheme === undefined) return `${ownScheme}${server}:${uri}`;
  return `${scheme}${server}${ownHost}${uri.slice(scheme.length)}`;
}

/** Whose URI it is and what its server calls it; null when it does not say. */
export function splitMergedUri(uri: string): { readonly server: string; readonly uri: string } | null {
  const scheme = withScheme.exec(uri)?.[0];
  if (scheme !== undefined) {
    const end = uri.indexOf('/', scheme.length);
    const host = end < 0 ? uri.slice(scheme.length) : uri.slice(scheme.length, end);
    if (!host.endsWith(ownHost.slice(0, -1))) return null;
    const rest = end < 0 ? '' : uri.slice(end + 1);
    return named(host.slice(0, 1 - ownHost.length), scheme + rest);
  }
  if (!uri.startsWith(ownScheme)) return null;
  const end = uri.indexOf(':', ownScheme.length);
  return end < 0 ? null : named(uri.slice(ownScheme.length, end), uri.slice(end + 1));
}

/** Addresses on the web, which a client may open without any server: where something links to one it stays as it is. */
export function isWebAddress(uri: string): boolean {
  return /^https?:\/\//i.test(uri);
}

/** What the merged endpoint calls a task of a server. Server names hold no `.`, so the first one ends them. */
export function mergedTaskId(server: string, task: string): string {
  return `${server}.${task}`;
}

export function splitMergedTaskId(task: string): { readonly server: string; readonly task: string } | null {
  const end = task.indexOf('.');
  if (end < 0 || !serverNamePattern.test(task.slice(0, end))) return null;
  return { server: task.slice(0, end), task: task.slice(end + 1) };
}

function named(server: string, uri: string): { readonly server: string; readonly uri: string } | null {
  return serverNamePattern.test(server) ? { server, uri } : null;
}
