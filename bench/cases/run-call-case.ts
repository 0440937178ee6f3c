import { ChurnCall } from '../load/churn-call.ts';
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
import { listedTools, type Reference, type Stage } from './stage.ts';

interface Way {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly tree: ProcessTree | null;
  /** Credentials that sessions take in turn, where there are more than the endpoint's: nobody may have all calls of many. */
  readonly tokens?: readonly string[];
}

/** The same calls directly, through a reference, and through the hub. */
export async function runCallCase(it: CallCase, stage: Stage, hub: RunningHub, pace: Pace): Promise<Result> {
  const sessions: McpSession[] = [];
  try {
    const contenders: Contender[] = [];
    for (const { name, endpoint, tree, tokens } of await waysOf(it, stage, hub)) {
      const own = await openSessions(it.what === 'churn' ? 1 : it.sessions, (at) => ({
        ...endpoint,
        token: tokens?.[at % tokens.length] ?? endpoint.token,
      }));
      sessions.push(...own);
      contenders.push({ name, tree, loads: await loadsOf(it, own, endpoint) });
    }
    await hub.loopDelay();
    const slices = await compare(contenders, pace, it.rate ?? null);
    const measured = [...slices].map(([name, all]) => ({ name, slices: all }));
    const { processes } = hub.tree.usage().upstream;
    return { kind: 'compared', name: it.name, contenders: measured, loopDelay: await hub.loopDelay(), processes };
  } finally {
    await endSessions(sessions);
  }
}

async function waysOf({ server, what }: CallCase, stage: Stage, hub: RunningHub): Promise<Way[]> {
  const through: Way = { name: 'hub', endpoint: hub.endpoint(server), tree: hub.tree, tokens: hub.tokens };
  if (server === 'stdio') return [wayTo('stdio gateway', await stage.stdioGateway()), through];
  const upstream = await stage.upstream(server);
  const direct = wayTo(what === 'list' ? 'ready-made bytes' : 'direct', upstream);
  return [
    // The upstream's own work is of interest only where it is the reference.
    what === 'list' ? direct : { ...direct, tree: null },
    wayTo('bare proxy', await stage.proxy(server)),
    through,
  ];
}

function wayTo(name: string, { port, token, tree }: Reference): Way {
  return { name, endpoint: { port, path: '/mcp', token }, tree };
}

async function loadsOf(
  { what, sessions: count, bytes }: CallCase,
  sessions: readonly McpSession[],
  endpoint: Endpoint,
): Promise<Load[]> {
  const tools = (await sessions[0]?.tools()) ?? [];
  if (what === 'list') return sessions.map((session) => listCall(session, lastTool(listedTools)));
  if (!tools.includes('echo')) throw new Error(`there is no echo among ${tools.slice(0, 5).join(', ')}`);
  if (what === 'churn') return Array.from({ length: count }, (_, at) => new ChurnCall(endpoint, at, bytes));
  return sessions.map((session, at) => new EchoCall(session, 'echo', at, bytes));
}
