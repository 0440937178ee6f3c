import { usageFailure } from '../command-failure.ts';

export const defaultHub = 'http://127.0.0.1:7717';

/**
 * The one spelling of a hub's address, which credentials are kept under: no trailing slash, no `/mcp` or `/api/v1` that
 * came along from another place.
 */
export function hubUrl(given: string): string {
  const spelled = given.includes('://') ? given : `https://${given}`;
  const url = URL.parse(spelled);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usageFailure(
      `"${given}" is not the address of a hub.`,
      `Give it like ${defaultHub} or https://mcp.example.org.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw usageFailure(
      'The hub’s address holds a name or a password.',
      'Leave them out, and sign in with: mcpvault login',
    );
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(?:mcp|api\/v1)$/, '');
  return url.origin + path;
}

/** Whether what is sent there can be read on the way: http to anywhere but this machine. */
export function isReadableOnTheWay(hub: string): boolean {
  const url = new URL(hub);
  return url.protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
}
