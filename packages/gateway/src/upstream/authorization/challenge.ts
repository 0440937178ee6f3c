// What a server says with a 401 or 403: where its metadata lies, and which scopes it wants (RFC 6750, RFC 9728).

export interface Challenge {
  /** As the server wrote it; not judged yet. */
  readonly resourceMetadata: string | null;
  readonly scopes: readonly string[];
  /** Such as `invalid_token` or `insufficient_scope`. */
  readonly error: string | null;
}

export const noChallenge: Challenge = { resourceMetadata: null, scopes: [], error: null };

const longest = 8_000;
const mostScopes = 100;

/** null when no Bearer challenge is among them. */
export function readChallenge(header: string | null): Challenge | null {
  if (header === null || header.length > longest) return null;
  const parameters = bearerParameters(header);
  if (parameters === null) return null;
  return {
    resourceMetadata: parameters.get('resource_metadata') ?? null,
    scopes: scopesIn(parameters.get('scope')),
    error: parameters.get('error') ?? null,
  };
}

/** Those that are written as scopes may be (RFC 6749 §3.3). */
export function scopesIn(text: unknown): readonly string[] {
  if (typeof text !== 'string') return [];
  return [...new Set(text.split(' ').filter((scope) => isScope(scope)))].slice(0, mostScopes);
}

export function isScope(text: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]{1,300}$/.test(text);
}

/** Parameters of the first Bearer challenge; several challenges may share a header, each beginning with its scheme. */
function bearerParameters(header: string): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  const pattern =
    /\s*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))|([\w!#$%&'*+.^`|~-]+)(?=\s|,|$))\s*,?/gy;
  let inBearer = false;
  let seen = false;
  for (let match = pattern.exec(header); match !== null && match[0] !== ''; match = pattern.exec(header)) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme !== undefined) {
      if (seen) return found;
      inBearer = scheme.toLowerCase() === 'bearer';
      seen = inBearer;
    } else if (inBearer && name !== undefined && !found.has(name.toLowerCase())) {
      found.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
    }
  }
  return seen ? found : null;
}
