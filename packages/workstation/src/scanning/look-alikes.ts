// Names that are made to be taken for another: hosts and packages one letter beside a known one, letters of other alphabets
// between Latin ones, characters that cannot be seen.

const knownHosts = [
  ...[
    'api.githubcopilot.com',
    'api.github.com',
    'mcp.linear.app',
    'mcp.sentry.dev',
    'mcp.notion.com',
    'mcp.stripe.com',
  ],
  ...['mcp.figma.com', 'mcp.atlassian.com', 'mcp.supabase.com', 'mcp.context7.com', 'mcp.slack.com', 'mcp.asana.com'],
  ...[
    'mcp.cloudflare.com',
    'mcp.vercel.com',
    'mcp.paypal.com',
    'mcp.intercom.com',
    'mcp.hubspot.com',
    'mcp.zapier.com',
  ],
  ...['huggingface.co', 'learn.microsoft.com', 'mcp.semgrep.ai', 'mcp.exa.ai', 'mcp.deepwiki.com', 'mcp.neon.tech'],
];

const knownPackages = [
  ...['@modelcontextprotocol/server-filesystem', '@modelcontextprotocol/server-memory', '@playwright/mcp'],
  ...['@modelcontextprotocol/server-everything', '@modelcontextprotocol/server-sequential-thinking', 'mcp-remote'],
  ...['@upstash/context7-mcp', '@notionhq/notion-mcp-server', 'mcp-server-git', 'mcp-server-fetch', 'mcp-server-time'],
  ...[
    'mcp-server-sqlite',
    'mcp-atlassian',
    '@supabase/mcp-server-supabase',
    '@stripe/mcp',
    'firecrawl-mcp',
    'exa-mcp-server',
  ],
];

/** What the host is made to look like, in words; undefined where nothing strikes. */
export function lookAlikeHost(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, username } = new URL(url);
  const host = hostname.replace(/\.$/, '');
  if (/[.]/.test(username)) return 'what looks like its host is a name to sign in with';
  if (/(?:^|\.)xn--/.test(host)) return 'its host has letters of other alphabets';
  if (knownHosts.includes(host)) return undefined;
  const near = knownHosts.find((known) => isOneStepFrom(host, known));
  if (near !== undefined) return `its host is one letter beside ${near}`;
  const inside = knownHosts.find(
    (known) => host.startsWith(`${known}.`) || host.startsWith(`${known.replaceAll('.', '-')}.`),
  );
  return inside === undefined ? undefined : `its host begins like ${inside} and is another`;
}

/** `spec` as in `npm:name@1.2.3`. */
export function lookAlikePackage(spec: string): string | undefined {
  if (!/^(?:npm|pypi):/.test(spec)) return undefined;
  const name = spec.replace(/^\w+:/, '').replace(/(?<=.)[@=<>~![].*$/, '');
  if (knownPackages.includes(name)) return undefined;
  const near = knownPackages.find((known) => isOneStepFrom(name, known));
  return near === undefined ? undefined : `its package is one letter beside ${near}`;
}

const unseen = /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

export function lookAlikeName(name: string): string | undefined {
  if (unseen.test(name)) return 'its name has characters that cannot be seen';
  const mixes = /\p{Script=Latin}/u.test(name) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(name);
  const oneWord = name
    .split(/[^\p{L}]+/u)
    .some((word) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word));
  return mixes && oneWord ? 'its name mixes letters of several alphabets in one word' : undefined;
}

/** One letter more, less, other, or two neighbours swapped. */
function isOneStepFrom(text: string, known: string): boolean {
  if (text === known || Math.abs(text.length - known.length) > 1) return false;
  let start = 0;
  while (start < text.length && text[start] === known[start]) start += 1;
  let end = 0;
  const room = Math.min(text.length, known.length) - start;
  while (end < room && text.at(-1 - end) === known.at(-1 - end)) end += 1;
  const [left, right] = [text.slice(start, text.length - end), known.slice(start, known.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
