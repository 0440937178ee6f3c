import { EchoCall, type Caller, type Load } from '../load/echo-call.ts';
import type { Endpoint } from '../load/mcp-session.ts';
import { ModernClient } from '../load/modern-client.ts';
import { endSessions, openSessions } from '../load/sessions.ts';
import type { RunningHub } from '../hub/start-hub.ts';
import { compare, type Contender, type Pace } from '../measure/compare.ts';
import type { HubCase } from './case.ts';
import type { Result } from './result.ts';
import type { Stage } from './stage.ts';

const underway = 32;
const tokens = 200;

interface Client extends Caller {
  end(): Promise<void>;
}

/** One way of using a hub: so many clients, each at the endpoint that `endpoint(i)` answers. */
interface Way {
  readonly name: string;
  readonly hub: RunningHub;
  readonly clients: number;
  readonly modern: boolean;
  endpoint(at: number): Endpoint;
}

/** The hub against itself. The first way is what the second is measured by. */
export async function runHubCase(it: HubCase, stage: Stage, hub: RunningHub, pace: Pace): Promise<Result> {
  await using other = it.kind === 'record' ? await stage.startHub({ recording: false }) : null;
  const clients: Client[] = [];
  try {
    const contenders: Contender[] = [];
    for (const way of waysOf(it, hub, other)) {
      const own = await clientsOf(way);
      clients.push(...own);
      contenders.push({ name: way.name, tree: way.hub.tree, loads: turns(own, it.bytes) });
    }
    const slices = await compare(contenders, pace);
    const measured = [...slices].map(([name, all]) => ({ name, slices: all }));
    return { kind: 'compared', name: it.name, contenders: measured, loopDelay: null, processes: 0 };
  } finally {
    await endSessions(clients);
  }
}

function waysOf({ kind }: HubCase, hub: RunningHub, other: RunningHub | null): Way[] {
  const way = (name: string, server: string, modern = false): Way => {
    const endpoint = hub.endpoint(server);
    return { name, hub, clients: underway, modern, endpoint: () => endpoint };
  };
  switch (kind) {
    case 'tokens': {
      const many = (at: number): Endpoint => hub.endpoint('http', hub.tokens[at % hub.tokens.length]);
      const one = { ...way('one token', 'http'), clients: tokens };
      return [one, { ...one, name: `${tokens} tokens`, endpoint: many }];
    }
    case 'record': {
      const on = way('record on', 'http');
      if (other === null) return [on];
      return [{ ...on, name: 'record off', hub: other, endpoint: () => other.endpoint('http') }, on];
    }
    case 'legacy-client':
      return [way('same era', 'http'), way('across eras', 'modern')];
    case 'modern-client':
      return [way('same era', 'modern', true), way('across eras', 'http', true)];
  }
}

function clientsOf({ clients, modern, endpoint }: Way): Promise<readonly Client[]> {
  if (!modern) return openSessions(clients, endpoint);
  return Promise.resolve(Array.from({ length: clients }, (_, at) => new ModernClient(endpoint(at))));
}

/** So many loads as are under way at once, each going round among clients of its own. */
function turns(clients: readonly Client[], bytes: number): Load[] {
  const calls = clients.map((client, at) => new EchoCall(client, 'echo', at, bytes));
  return Array.from({ length: underway }, (_, first) => {
    const own = calls.filter((_call, at) => at % underway === first);
    let next = 0;
    return { run: (done) => own[next++ % own.length]?.run(done) };
  });
}
