import type { IncomingHttpHeaders } from 'node:http';
import { Failure } from '@mcpvault/domain/failure';
import type { GatewaySettings } from '../ports.ts';

interface Headed {
  readonly headers: IncomingHttpHeaders;
}

/**
 * Refuses what a browser was tricked into sending: a Host that is not ours (DNS rebinding), an Origin that is not ours.
 * Programs send no Origin, and pass; so do pages of this machine, which still need a token.
 */
export function guardHostAndOrigin(request: Headed, settings: GatewaySettings): Failure | null {
  const host = request.headers.host?.toLowerCase();
  if (host === undefined || !(settings.allowedHosts.has(host) || isLoopback(host))) {
    return new Failure(
      'bad_host',
      'this host name is not one of the hub’s; add it to MCPVAULT_ALLOWED_HOSTS if it should be',
    );
  }
  const { origin } = request.headers;
  if (origin === undefined) return null;
  const from = origin.toLowerCase();
  if (!settings.allowedOrigins.has(from) && !isLoopback(from.replace(/^https?:\/\//, ''))) {
    return new Failure(
      'bad_origin',
      'pages of this origin may not call the hub; add it to MCPVAULT_ALLOWED_ORIGINS if they should',
    );
  }
  return null;
}

/** Names of this machine itself: a page from elsewhere can take on neither as its host nor as its origin. */
function isLoopback(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host);
}

/** The bearer credential of a request; null when there is none. Never in the URL. */
export function bearerOf(request: Headed): string | null {
  const header = request.headers.authorization;
  if (header === undefined || header.length > 2000) return null;
  const at = header.indexOf(' ');
  if (at !== 6 || header.slice(0, 6).toLowerCase() !== 'bearer') return null;
  return header.slice(7).trim() || null;
}
