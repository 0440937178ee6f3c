// What stands ready while measurements are taken: upstreams and references. Hubs are started by the cases themselves.
import { type HubPlan, type RunningHub, startHub } from '../hub/start-hub.ts';
import { ProcessTree } from '../measure/process-tree.ts';
import { type Serving, startProgram } from '../processes/start.ts';

export const listedTools = 1000;

export interface Reference {
  readonly port: number;
  readonly tree: ProcessTree;
  readonly token: string | null;
}

export interface Stage extends AsyncDisposable {
  readonly upstreams: Readonly<Record<'http' | 'events' | 'list', Serving>>;
  /** The bare proxy in front of an upstream. */
  readonly proxies: Readonly<Record<'http' | 'events' | 'list', Reference>>;
  readonly stdioGateway: Reference;
  startHub(plan?: Partial<Omit<HubPlan, 'servers'>>): Promise<RunningHub>;
}

const stdioToken = 'only-for-this-benchmark';

export async function openStage(): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const program = async (path: string, args?: readonly string[]): Promise<Serving> =>
    opening.use(await startProgram(path, args));
  const http = await program('upstreams/http-echo.ts');
  const events = await program('upstreams/http-echo.ts', ['--events']);
  const list = await program('upstreams/http-echo.ts', ['--tools', String(listedTools)]);
  const proxyTo = async ({ port }: Serving): Promise<Reference> =>
    referenceOf(await program('references/dispatch-proxy.ts', ['--upstream', originOf(port)]), null);
  const proxies = { http: await proxyTo(http), events: await proxyTo(events), list: await proxyTo(list) };
  const stdioGateway = referenceOf(await program('references/stdio-gateway.ts', ['--token', stdioToken]), stdioToken);
  const servers = {
    http: `${originOf(http.port)}/mcp`,
    events: `${originOf(events.port)}/mcp`,
    list: `${originOf(list.port)}/mcp`,
  };
  const all = opening.move();
  return {
    upstreams: { http, events, list },
    proxies,
    stdioGateway,
    startHub: (plan = {}) => startHub({ recording: true, members: 1, tokensPerMember: 1, ...plan, servers }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function referenceOf({ pid, port }: Serving, token: string | null): Reference {
  return { port, token, tree: new ProcessTree(pid) };
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
