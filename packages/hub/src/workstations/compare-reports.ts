// What one scan found that another did not. Servers are the same where client, file and name are; findings where all they
// say of a place is.
import type { ReportedClients } from '@mcpvault/domain/workstation/workstation';

type Config = ReportedClients[number];
type Server = Config['servers'][number];
type Finding = Config['findings'][number];

interface Placed {
  readonly client: string;
  readonly path: string;
}

export interface Comparison {
  readonly servers: readonly (Placed & {
    readonly server: string;
    readonly change: 'added' | 'removed' | 'changed';
    readonly differs: readonly string[];
  })[];
  readonly findings: readonly (Placed & {
    readonly server: string | null;
    readonly change: 'added' | 'removed';
    readonly code: string;
    readonly severity: Finding['severity'];
    readonly message: string;
  })[];
  readonly files: readonly (Placed & { readonly change: 'added' | 'removed' | 'state'; readonly detail: string })[];
}

export function compareReports(before: ReportedClients, after: ReportedClients): Comparison {
  const [oldServers, newServers] = [serversOf(before), serversOf(after)];
  const [oldFindings, newFindings] = [findingsOf(before), findingsOf(after)];
  const [oldFiles, newFiles] = [filesOf(before), filesOf(after)];
  return {
    servers: [
      ...without(newServers, oldServers).map(({ at, server }) => said(at, server, 'added', [])),
      ...without(oldServers, newServers).map(({ at, server }) => said(at, server, 'removed', [])),
      ...[...newServers].flatMap(([key, { at, server }]) => {
        const old = oldServers.get(key);
        const differs = old === undefined ? [] : differences(old.server, server);
        return differs.length === 0 ? [] : [said(at, server, 'changed', differs)];
      }),
    ],
    findings: [
      ...without(newFindings, oldFindings).map((found) => ({ ...found, change: 'added' as const })),
      ...without(oldFindings, newFindings).map((found) => ({ ...found, change: 'removed' as const })),
    ],
    files: [
      ...without(newFiles, oldFiles).map(({ at, state }) => ({ ...at, change: 'added' as const, detail: state })),
      ...without(oldFiles, newFiles).map(({ at, state }) => ({ ...at, change: 'removed' as const, detail: state })),
      ...[...newFiles].flatMap(([key, { at, state }]) => {
        const old = oldFiles.get(key)?.state ?? state;
        return old === state ? [] : [{ ...at, change: 'state' as const, detail: `${old} → ${state}` }];
      }),
    ],
  };
}

function said(at: Placed, { name }: Server, change: 'added' | 'removed' | 'changed', differs: readonly string[]) {
  return { ...at, server: name, change, differs };
}

function serversOf(clients: ReportedClients) {
  const all = clients.flatMap((config) =>
    config.servers.map((server) => ({ at: placeOf(config), server, key: keyOf(config, server.name) })),
  );
  return new Map(all.map((one) => [one.key, one]));
}

function findingsOf(clients: ReportedClients) {
  const all = clients.flatMap((config) =>
    config.findings.map(({ server = null, code, severity, message, place, kind = '' }) => ({
      ...placeOf(config),
      ...{ server, code, severity, message, key: keyOf(config, server, code, place, kind) },
    })),
  );
  return new Map(all.map(({ key, ...found }) => [key, found]));
}

function filesOf(clients: ReportedClients) {
  return new Map(clients.map((config) => [keyOf(config), { at: placeOf(config), state: config.state }]));
}

function placeOf({ client, path }: Config): Placed {
  return { client, path };
}

function keyOf({ client, path, pointer }: Config, ...more: readonly unknown[]): string {
  return JSON.stringify([client, path, pointer, ...more]);
}

function without<Value>(all: ReadonlyMap<string, Value>, others: ReadonlyMap<string, unknown>): readonly Value[] {
  return [...all].flatMap(([key, value]) => (others.has(key) ? [] : [value]));
}

/** Where the entry stands in its file says nothing of the server. */
function differences(before: Server, after: Server): readonly string[] {
  const names = Object.keys(after) as (keyof Server)[];
  return names.filter((name) => name !== 'pointer' && JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
