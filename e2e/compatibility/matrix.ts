// Runs clients against servers through the real hub, and writes down what became of each pair.

import type { Hub } from '../actors/start-hub.ts';
import type { ClientPeer } from './clients.ts';
import type { ServerPeer, StartedServer } from './servers.ts';

export interface Cell {
  readonly client: string;
  readonly server: string;
  /** null when it works. */
  readonly problem: string | null;
}

export interface Pair {
  readonly client: ClientPeer;
  readonly server: ServerPeer;
}

const patienceMs = 90_000;

/** What pairs have in common: the hub, a token, and the servers that run. */
export interface Matrix extends AsyncDisposable {
  run(pair: Pair): Promise<Cell>;
}

export async function openMatrix(hub: Hub): Promise<Matrix> {
  const { token } = await hub.createToken();
  const started = new Map<ServerPeer, StartedServer>();
  return {
    async run({ client, server }) {
      if (!started.has(server)) {
        const running = await server.start();
        started.set(server, running);
        const { transport } = running;
        await hub.api('POST', '/api/v1/mcp/servers', { name: server.name, transport });
      }
      const problem = await problemOf(client, server, hub.mcp(server.name), token);
      return { client: client.title, server: server.title, problem };
    },
    async [Symbol.asyncDispose]() {
      for (const server of started.values()) await server.stop();
    },
  };
}

async function problemOf(
  client: ClientPeer,
  { tool, args, says }: ServerPeer,
  url: string,
  token: string,
): Promise<string | null> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('nothing within a minute and a half')), patienceMs);
  try {
    const { tools, text } = await Promise.race([client.visit({ url, token, tool, args }), late.promise]);
    if (!tools.includes(tool)) return `lists no ${tool}`;
    return says.test(text) ? null : `answers ${JSON.stringify(text.slice(0, 100))}`;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? '';
  } finally {
    clearTimeout(timer);
  }
}

/** docs/compatibility.md. */
export function renderMatrix(
  cells: readonly Cell[],
  clients: readonly ClientPeer[],
  servers: readonly ServerPeer[],
): string {
  const problems: string[] = [];
  const mark = (client: ClientPeer, server: ServerPeer): string => {
    const cell = cells.find((each) => each.client === client.title && each.server === server.title);
    if (cell === undefined) return '–';
    if (cell.problem === null) return '✓';
    problems.push(`${client.title} with ${server.title}: ${cell.problem}`);
    return `✗ ${problems.length}`;
  };
  const rows = clients.map(
    (client) => `| ${client.title} | ${servers.map((server) => mark(client, server)).join(' | ')} |`,
  );
  const good = cells.filter(({ problem }) => problem === null).length;
  return `${[
    '# Compatibility',
    '<!-- Made by npm run compatibility. -->',
    'Real clients of others in front, real servers of others behind, the real hub between them: each client lists the tools of each\nserver and calls one of them, in its own protocol revision and over its own transport. `npm run compatibility` does all of it\nagain with the versions that are installed here; `npm test` does every row and every column once.',
    `| client \\ server | ${servers.map(({ title }) => title).join(' | ')} |\n|---|${servers.map(() => ':-:|').join('')}\n${rows.join('\n')}`,
    `${good} of ${cells.length} pairs work.`,
    ...(problems.length === 0 ? [] : [problems.map((problem, index) => `${index + 1}. ${problem}`).join('\n')]),
  ].join('\n\n')}\n`;
}
