import { createHash } from 'node:crypto';
import { defaultProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { LocalServer } from '../sync/local-servers.ts';
import { expandReferences } from '../sync/references.ts';

export interface Surroundings {
  /** Of the process that the client started. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The folder that the client started it in. */
  readonly folder: string;
}

/** The same for the same name, on every computer: policies of the workstation's own name servers by it. */
export function localServerId(name: string): ServerId {
  return `srv_local${createHash('sha256').update(name).digest('hex').slice(0, 20)}`;
}

/** A server of this computer as the message path needs it. It runs where and as the client would have run it. */
export function localEntry(server: LocalServer, organization: OrganizationId, around: Surroundings): ServerEntry {
  const expand = (text: string): string => expandReferences(text, around.env, around.home);
  const expanded = (values: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, expand(value)]));
  return {
    id: localServerId(server.name),
    organization,
    name: server.name,
    version: 'ver_local',
    transport:
      'url' in server
        ? { type: 'streamable-http', url: expand(server.url), headers: expanded(server.headers) }
        : {
            type: 'stdio',
            command: expand(server.command),
            args: server.args.map(expand),
            env: { ...inherited(around.env), ...expanded(server.env) },
            cwd: around.folder,
          },
    isolation: 'per-session',
    processes: defaultProcessRules,
    enabled: true,
  };
}

/** What opens MCPVault is none of the server's business. */
function inherited(env: Surroundings['env']): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith('MCPVAULT_')) own[name] = value;
  }
  return own;
}
