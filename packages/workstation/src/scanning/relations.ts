import { finding, type ScanFinding } from './finding.ts';
import type { ScannedServer } from './judge-server.ts';
import type { ScannedConfig } from './scan.ts';

interface Seen {
  readonly config: ScannedConfig;
  readonly server: ScannedServer;
}

/** What strikes between servers of one client: the same one twice, and two that share a name. */
export function relationFindings(
  scanned: readonly ScannedConfig[],
): ReadonlyMap<ScannedConfig, readonly ScanFinding[]> {
  const found = new Map<ScannedConfig, ScanFinding[]>();
  const say = ({ config, server }: Seen, code: 'duplicate-server' | 'same-name-twice', message: string): void => {
    const each = finding(code, { server: server.name, place: server.pointer, message });
    found.set(config, [...(found.get(config) ?? []), each]);
  };
  const byClient = Map.groupBy(everyServer(scanned), ({ config }) => config.client);
  for (const seen of byClient.values()) {
    for (const group of Map.groupBy(seen, ({ server }) => identityOf(server)).values()) {
      const [first] = group;
      if (first === undefined || identityOf(first.server) === undefined) continue;
      for (const other of group.slice(1)) {
        if (!meet(first.config, other.config)) continue;
        say(other, 'duplicate-server', `“${other.server.name}” is the same server as “${first.server.name}”.`);
      }
    }
    for (const group of Map.groupBy(seen, ({ server }) => server.name).values()) {
      for (const [at, other] of group.entries()) {
        const first = group.slice(0, at).find(({ config }) => config !== other.config && meet(config, other.config));
        if (first === undefined) continue;
        say(other, 'same-name-twice', `“${other.server.name}” is also defined in ${first.config.path}.`);
      }
    }
  }
  return found;
}

function everyServer(scanned: readonly ScannedConfig[]): readonly Seen[] {
  return scanned.flatMap((config) => config.servers.map((server) => ({ config, server })));
}

/** Whether one session of the client can load both: those of two different projects never meet. */
function meet(one: ScannedConfig, other: ScannedConfig): boolean {
  return one.project === null || other.project === null || one.project === other.project;
}

/** undefined for what cannot be compared, because it is hidden or no server. */
function identityOf({ runs, command, args, url, server }: ScannedServer): string | undefined {
  if (runs === null) return undefined;
  if (server !== null) return `server:${server}`;
  if (url !== null) return url.includes('[hidden]') ? undefined : `url:${url.replace(/\/$/, '')}`;
  const words = JSON.stringify([command, args]);
  return words.includes('[hidden]') ? undefined : `command:${words}`;
}
