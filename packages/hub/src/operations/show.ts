// What the API shows of a member, a server and a message: the store's shapes in the contract's words.
import type { memberShape } from '@mcpvault/contract/members';
import type { messageShape } from '@mcpvault/contract/messages';
import type { authShape } from '@mcpvault/contract/server-auth';
import type { serverShape, transportShape } from '@mcpvault/contract/servers';
import type { Confinement, ProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Transport } from '@mcpvault/domain/catalog/server';
import type { UpstreamAuth } from '@mcpvault/domain/catalog/upstream-auth';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { Gateway } from '@mcpvault/gateway/gateway';
import { isActive, type Member } from '@mcpvault/store/members-store';
import type { MessageLine } from '@mcpvault/store/messages-view';
import type { Server } from '@mcpvault/store/servers-store';
import type { z } from 'zod';
import { rfc3339, rfc3339OrNull } from './times.ts';

export function showMember(member: Member, now: number): z.output<typeof memberShape> {
  const { id, email, name, role, roleName, hasSecondFactor, kind, supervisor, teams, createdAt, lastSeenAt } = member;
  const isReady = canSignIn(member) || kind === 'service';
  return {
    id,
    email,
    name,
    role,
    roleName,
    hasSecondFactor,
    kind,
    status: !isActive(member, now) ? 'disabled' : isReady ? 'active' : 'invited',
    expiresAt: rfc3339OrNull(member.expiresAt),
    supervisor: supervisor && { ...supervisor },
    provisioned: member.provisioning.isKept,
    teams: [...teams],
    createdAt: rfc3339(createdAt),
    lastSeenAt: rfc3339OrNull(lastSeenAt),
  };
}

function canSignIn({ hasPassword, isLinked, passkeys }: Member): boolean {
  return hasPassword || isLinked || passkeys > 0;
}

/** Without values of env and headers: they are secrets. */
export function showTransport(transport: Transport): z.output<typeof transportShape> {
  const era = transport.era === undefined ? {} : { era: transport.era };
  if (transport.type !== 'stdio') {
    const { type, url, headers, auth } = transport;
    return { type, url, headers: Object.keys(headers), ...era, ...(auth && { auth: showAuth(auth) }) };
  }
  const { type, command, args, env, cwd } = transport;
  return { type, command, args: [...args], env: Object.keys(env), ...(cwd === undefined ? {} : { cwd }), ...era };
}

function showAuth({
  mode,
  grant,
  scopes = [],
  omitResource = false,
  client,
}: UpstreamAuth): z.output<typeof authShape> {
  const shown = client && { id: client.id, hasSecret: client.secret !== undefined, hasKey: client.key !== undefined };
  return { mode, grant, scopes: [...scopes], omitResource, client: shown ?? null };
}

function showProcesses({ rules, confinement, running }: NonNullable<ServerSurroundings['processes']>) {
  const { sandbox } = rules;
  return {
    processes: { ...rules, sandbox: { ...sandbox, read: [...sandbox.read], write: [...sandbox.write] } },
    confinement: showConfinement(confinement),
    running: running.map(({ process: { id, pid, startedAt }, calls, leaving, ...one }) => ({
      ...{ id, pid, startedAt: rfc3339(startedAt), calls, leaving },
      confinement: showConfinement(one.confinement),
    })),
  };
}

function showConfinement({ state, missing }: Confinement) {
  return { state, missing: [...missing] };
}

export interface ServerSurroundings {
  /** null for those who may not see how a server is run. */
  readonly transport: Transport | null;
  /** null for those, and for servers that are no processes. */
  readonly processes: {
    readonly rules: ProcessRules;
    readonly confinement: Confinement;
    readonly running: ReturnType<Gateway['processes']>;
  } | null;
  readonly connections: number;
  /** How clients reach the hub. */
  readonly url: string;
}

export function showServer(server: Server, around: ServerSurroundings): z.output<typeof serverShape> {
  const { id, name, enabled, reason, fix, tools, checkedAt, createdAt, updatedAt, current } = server;
  if (current === null) throw new Error(`server ${id} has no approved version`);
  const troubled = enabled && server.status === 'unavailable';
  return {
    id,
    name,
    status: enabled ? server.status : 'disabled',
    reason: enabled ? reason : 'It is switched off.',
    fix: troubled ? fix : enabled ? null : 'Switch it on.',
    checkedAt: rfc3339OrNull(checkedAt),
    enabled,
    isolation: current.isolation,
    auth: (current.summary.type === 'stdio' ? undefined : current.summary.auth) ?? 'none',
    version: current.number,
    ...(around.transport === null ? {} : { transport: showTransport(around.transport) }),
    ...(around.processes === null ? {} : showProcesses(around.processes)),
    endpoint: `${around.url}/mcp/${name}`,
    tools,
    connections: around.connections,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  };
}

export function showMessage(line: MessageLine): z.output<typeof messageShape> {
  const { organization: _, token: __, conversation: ___, server, serverName, at, ...rest } = line;
  return { ...rest, at: rfc3339(at), server: server && { id: server, name: serverName ?? server } };
}

/** A record on its way to the database, for the live feed: the same line that the list will show. */
export function lineOf(
  record: MessageRecord,
  member: { readonly email: string; readonly name: string },
  actor: MessageLine['actor'],
): MessageLine {
  const { request, response, requestEdits, responseEdits } = record;
  return {
    id: record.id,
    organization: record.organization,
    at: record.at,
    token: record.token,
    conversation: record.conversation,
    client: record.client,
    endpoint: record.endpoint,
    server: record.server,
    serverName: record.serverName,
    direction: record.direction,
    method: record.method,
    target: record.target,
    protocol: record.protocol,
    outcome: record.outcome,
    code: record.code,
    reason: record.reason,
    durationUs: record.durationUs,
    upstreamUs: record.upstreamUs,
    member: { id: record.member, ...member },
    actor,
    workstation: null,
    requestBytes: request?.length ?? null,
    responseBytes: response?.length ?? null,
    redactions: [...requestEdits, ...responseEdits].filter((edit) => edit.policy !== null).length,
  };
}
