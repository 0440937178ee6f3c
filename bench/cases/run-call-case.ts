import { EchoCall, type Load } from '../load/echo-call.ts';
import { listCall } from '../load/list-call.ts';
import type { Endpoint, McpSession } from '../load/mcp-session.ts';
import { endSessions, openSessions } from '../load/sessions.ts';
import type { RunningHub } from '../hub/start-hub.ts';
import { compare, type Contender, type Pace } from '../measure/compare.ts';
import type { ProcessTree } from '../measure/process-tree.ts';
import { lastTool } from '../upstreams/echo.ts';
import type { CallCase } from './case.ts';
import type { Result } from './result.ts';
import { listedTools, type Stage } from './stage.ts';

interface Way {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly tree: ProcessTree | null;
}

/** The same calls directly, through a reference, and through the hub. */
export async function runCallCase(it: CallCase, stage: Stage, hub: RunningHub, pace: Pace): Promise<Result> {
  const sessions: McpSession[] = [];
  try {
    const contenders: Contender[] = [];
    for (const { name, endpoint, tree } of waysOf(it, stage, hub)) {
      const own = await openSessions(it.sessions, () => endpoint);
      sessions.push(...own);
      contenders.push({ name, tree, loads: await loadsOf(it, own) });
    }
    await hub.loopDelay();
    const slices = await compare(contenders, pace, it.rate ?? null);
    const measured = [...slices].map(([name, all]) => ({ name, slices: all }));
    return { kind: 'compared', name: it.name, contenders: measured, loopDelay: await hub.loopDelay() };
  } finally {
    await endSessions(sessions);
  }
}

function waysOf({ server }: CallCase, { upstreams, proxies, stdioGateway }: Stage, hub: RunningHub): Way[] {
  const through: Way = { name: 'hub', endpoint: hub.endpoint(server), tree: hub.tree };
  const path = '/mcp';
  if (server === 'stdio') {
    const { port, token, tree } = stdioGateway;
    return [{ name: 'stdio gateway', endpoint: { port, path, token }, tree }, through];
  }
  const proxy = proxies[server];
  return [
    { name: 'direct', endpoint: { port: upstreams[server].port, path, token: null }, tree: null },
    { name: 'bare proxy', endpoint: { port: proxy.port, path, token: null }, tree: proxy.tree },
    through,
  ];
}

async function loadsOf({ server, bytes }: CallCase, sessions: readonly McpSession[]): Promise<Load[]> {
  const tools = (await sessions[0]?.tools()) ?? [];
  if (server === 'list') return sessions.map((session) => listCall(session, lastTool(listedTools)));
  if (!tools.includes('echo')) throw new Error(`there is no echo among ${tools.slice(0, 5).join(', ')}`);
  return sessions.map((session, at) => new EchoCall(session, 'echo', at, bytes));
}
