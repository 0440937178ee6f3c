// What stands ready while measurements are taken: upstreams, references and hubs, each started when the first case wants it.
// Whatever becomes of the cases, all of it ends with the stage.
import { type HubPlan, type RunningHub, startHub } from '../hub/start-hub.ts';
import { ProcessTree } from '../measure/process-tree.ts';
import { type Serving, startProgram } from '../processes/start.ts';

export const listedTools = 1000;

/** Upstreams over HTTP: one that answers with JSON, with events, with many tools, and one of the modern era. */
export type EchoName = 'http' | 'events' | 'list' | 'modern';

export interface Reference {
  readonly port: number;
  readonly tree: ProcessTree;
  readonly token: string | null;
}

export interface Stage extends AsyncDisposable {
  upstream(name: EchoName): Promise<Reference>;
  /** The bare proxy in front of an upstream. */
  proxy(name: EchoName): Promise<Reference>;
  stdioGateway(): Promise<Reference>;
  /** A hub of one's own, in front of all upstreams that this stage has. */
  startHub(plan?: Partial<Omit<HubPlan, 'servers'>>): Promise<RunningHub>;
}

const stdioToken = 'only-for-this-benchmark';
const flagsOf: Readonly<Record<EchoName, readonly string[]>> = {
  http: [],
  events: ['--events'],
  list: ['--tools', String(listedTools)],
  modern: ['--modern'],
};

/** `names` are the upstreams that its hubs know. */
export function openStage(names: readonly (EchoName | 'stdio')[]): Stage {
  const all = new AsyncDisposableStack();
  const started = new Map<string, Promise<Reference>>();
  const once = (key: string, path: string, args: readonly string[], token: string | null): Promise<Reference> => {
    const known = started.get(key);
    if (known !== undefined) return known;
    const starting = startProgram(path, args).then((serving) => referenceOf(all.use(serving), token));
    started.set(key, starting);
    return starting;
  };
  const upstream = (name: EchoName) => once(name, 'upstreams/http-echo.ts', flagsOf[name], null);

  async function urls(): Promise<Record<string, string>> {
    const wanted = names.filter((name) => name !== 'stdio');
    const pairs = wanted.map(async (name) => [name, `${originOf((await upstream(name)).port)}/mcp`] as const);
    return Object.fromEntries(await Promise.all(pairs));
  }

  return {
    upstream,
    async proxy(name) {
      const { port } = await upstream(name);
      return once(`proxy ${name}`, 'references/dispatch-proxy.ts', ['--upstream', originOf(port)], null);
    },
    stdioGateway: () => once('stdio', 'references/stdio-gateway.ts', ['--token', stdioToken], stdioToken),
    async startHub(plan = {}) {
      const usual = { recording: true, members: 1, tokensPerMember: 1, stdio: names.includes('stdio') };
      return all.use(await startHub({ ...usual, ...plan, servers: await urls() }));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function referenceOf({ pid, port }: Serving, token: string | null): Reference {
  return { port, token, tree: new ProcessTree(pid) };
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
