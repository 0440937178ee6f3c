// The gateway with a host in memory, as a process of its own, for scenarios and measurements:
//
//   node packages/gateway/src/testing/main.ts '{"port":0,"tokens":["t"],"servers":[{"name":"echo","transport":{…}}]}'
//
// It prints `listening <url>`. It is told what to do by lines of JSON on stdin, `{"id":1,"do":"…",…}`, and answers each with
// one line on stdout; it ends with its stdin.
import { createInterface } from 'node:readline';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import type { GatewayOptions } from '../create-gateway.ts';
import { type RunningGateway, startGateway } from './compose.ts';
import type { MemoryServer } from './memory-host.ts';

/** What is left out is as `completePolicy` has it. */
type WrittenPolicy = Parameters<typeof completePolicy>[0];

interface Configuration {
  readonly port?: number;
  readonly settings?: Partial<GatewayOptions>;
  readonly tokens?: readonly string[];
  readonly servers?: readonly MemoryServer[];
  readonly policies?: readonly WrittenPolicy[];
  /** `keep` keeps every record in memory, `count` none. */
  readonly recording?: 'keep' | 'count';
}

export type Order =
  | { readonly do: 'add-token'; readonly token: string; readonly name: string; readonly role: 'admin' | 'member' }
  | { readonly do: 'revoke'; readonly token: string }
  | { readonly do: 'add-server'; readonly server: MemoryServer }
  | { readonly do: 'remove-server'; readonly name: string }
  | { readonly do: 'close-server'; readonly name: string }
  | { readonly do: 'replace-server'; readonly server: MemoryServer }
  | { readonly do: 'processes'; readonly name: string }
  | { readonly do: 'grant'; readonly member: string; readonly server: string; readonly tools: readonly string[] | null }
  | { readonly do: 'withdraw'; readonly member: string; readonly server: string }
  | { readonly do: 'policies'; readonly policies: readonly WrittenPolicy[] }
  | { readonly do: 'recording'; readonly mode: 'keep' | 'count' | 'fail' | 'refuse' }
  | { readonly do: 'probe'; readonly name: string }
  | { readonly do: 'records' }
  | { readonly do: 'log' }
  | { readonly do: 'load' };

async function obey(running: RunningGateway, order: Order): Promise<unknown> {
  const { host, gateway } = running;
  switch (order.do) {
    case 'add-token':
      return host.addToken(order.token, order);
    case 'revoke':
      host.revoke(order.token);
      return gateway.recheck();
    case 'add-server':
      return host.addServer(order.server).id;
    case 'remove-server':
      return host.removeServer(order.name);
    case 'close-server':
      return gateway.close(host.server(order.name).id, 'a test closed it');
    case 'replace-server':
      return gateway.replaced(host.addServer(order.server).id, 'a test changed it');
    case 'processes':
      return gateway
        .processes(host.server(order.name).id)
        .map(({ process: { id, pid }, ...more }) => ({ id, pid, ...more }));
    case 'grant':
      return host.grant(order.member, order.server, order.tools);
    case 'withdraw':
      return host.withdraw(order.member, order.server);
    case 'policies':
      return host.setPolicies(order.policies.map(completePolicy));
    case 'recording':
      return host.setRecording(order.mode);
    case 'probe':
      return gateway.probe(host.server(order.name));
    case 'records':
      return host.records.splice(0).map(({ draft, request, response }) => ({
        ...draft,
        request: request?.toString() ?? null,
        response: response?.toString() ?? null,
      }));
    case 'log':
      return host.logged.splice(0).map(({ level, text, fields }) => ({ level, text, fields: shown(fields) }));
    case 'load':
      return { ...gateway.load(), sockets: await socketsOf(running) };
  }
}

function shown(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? `${value.stack}` : value]),
  );
}

function socketsOf({ http }: RunningGateway): Promise<number> {
  return new Promise((resolve) => http.getConnections((_error, count) => resolve(count)));
}

async function main(): Promise<void> {
  const configuration = JSON.parse(process.argv[2] ?? '{}') as Configuration;
  const { port = 0, settings, tokens = [], servers = [], policies = [], recording = 'keep' } = configuration;
  const running = await startGateway({ ...settings, port });
  for (const token of tokens) running.host.addToken(token);
  for (const server of servers) running.host.addServer(server);
  running.host.setPolicies(policies.map(completePolicy));
  running.host.setRecording(recording);
  process.stdout.write(`listening ${running.url}\n`);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const { id, ...order } = JSON.parse(line) as Order & { id: number };
    obey(running, order as Order).then(
      (done) => process.stdout.write(`${JSON.stringify({ id, done: done ?? null })}\n`),
      (error: unknown) => process.stdout.write(`${JSON.stringify({ id, failed: String(error) })}\n`),
    );
  });
  const end = (): void => void running.close().then(() => process.exit(0));
  lines.once('close', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
}

await main();
