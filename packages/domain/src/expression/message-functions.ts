// What conditions may call besides CEL's own functions. Each is pure and goes through what it is given once.
import { isInNetwork } from './network.ts';
import type { OwnFunction } from './environment.ts';
import { valuesWithin } from './values-within.ts';

export const messageFunctions: readonly OwnFunction[] = [
  {
    signature: 'hosts(dyn): list<string>',
    means: 'The hosts of all URLs in the texts of a value, in lower case and each once.',
    example: 'hosts(arguments).exists(h, !h.endsWith(".example.com"))',
    call: (value: unknown) => hostsIn(value),
  },
  {
    signature: 'texts(dyn): list<string>',
    means: 'All texts in a value, however deep; not the names of members.',
    example: 'texts(arguments).exists(t, t.contains("confidential"))',
    call: (value: unknown) => [...valuesWithin(value)].filter((one) => typeof one === 'string'),
  },
  {
    signature: 'in_network(string, string): bool',
    means: 'Whether an IP address lies in a network, which is written as CIDR.',
    example: '!in_network(network.ip, "10.0.0.0/8")',
    call: (address: string, network: string) => isInNetwork(address, network),
  },
  {
    signature: 'host_matches(string, string): bool',
    means: 'Whether a host is the named one, or lies below it where the name begins with a dot or `*.`.',
    example: 'hosts(arguments).all(h, host_matches(h, "*.example.com"))',
    call: (host: string, pattern: string) => hostMatches(host, pattern),
  },
];

/** After a scheme and two slashes, or as the part of an e-mail address behind its @. */
const hostPattern =
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s/?#"'<>@]{0,256}@)?(\[[0-9a-f:.]{2,45}\]|[^\s/?#"'<>:@\\]{1,253})/gi;

function hostsIn(value: unknown): string[] {
  const found = new Set<string>();
  for (const text of valuesWithin(value)) {
    if (typeof text !== 'string' || !text.includes('://')) continue;
    for (const [, host] of text.matchAll(hostPattern)) if (host !== undefined) found.add(plainHost(host));
  }
  return [...found];
}

function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function hostMatches(host: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  const below = wanted.startsWith('*.') ? wanted.slice(1) : wanted.startsWith('.') ? wanted : null;
  return below === null ? plainHost(host) === wanted : plainHost(host).endsWith(below);
}
