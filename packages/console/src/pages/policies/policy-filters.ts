// Which policies a list shows: what stands in the address, and which fit. Pure.
import type { Definition } from './policy-words.ts';

const modes = ['draft', 'shadow', 'enforce'] as const;
const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
const windows = ['library', 'import'] as const;

export interface PoliciesSearch {
  readonly q?: string | undefined;
  readonly mode?: Definition['mode'] | undefined;
  readonly severity?: Definition['severity'] | undefined;
  readonly server?: string | undefined;
  readonly detector?: string | undefined;
  /** What is open above the list. */
  readonly open?: (typeof windows)[number] | undefined;
}

type Raw = Readonly<Record<string, unknown>>;

export function parsePoliciesSearch(raw: Raw): PoliciesSearch {
  const text = (name: string) => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    q: text('q'),
    mode: modes.find((one) => one === raw['mode']),
    severity: severities.find((one) => one === raw['severity']),
    server: text('server'),
    detector: text('detector'),
    open: windows.find((one) => one === raw['open']),
  };
}

export function isFiltered({ open: _, ...filters }: PoliciesSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

/** `serverId` is the id of the server that the search names. Policies without servers are about all of them. */
export function fits(
  policy: Definition,
  { q, mode, severity, server, detector }: PoliciesSearch,
  serverId: string | null,
  groupOf: (detector: string) => string | undefined,
): boolean {
  const words = (q ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const said =
    `${policy.name} ${policy.reason} ${policy.owner} ${policy.condition ?? ''} ${policy.detectors.join(' ')} ${policy.scope.tools?.join(' ') ?? ''}`.toLowerCase();
  if (!words.every((word) => said.includes(word))) return false;
  if (mode !== undefined && policy.mode !== mode) return false;
  if (severity !== undefined && policy.severity !== severity) return false;
  if (server !== undefined && policy.scope.servers !== null && !policy.scope.servers.some((id) => id === serverId))
    return false;
  return detector === undefined || policy.detectors.some((one) => one === detector || one === groupOf(detector));
}
