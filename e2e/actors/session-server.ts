// A stdio server that knows its sessions: it declares the extension `io.mcpvault/session`, keeps something for each session,
// and speaks to one of many at a time. Line by line and without a library, so that a scenario sees exactly what passes.
//
//   node e2e/actors/session-server.ts
//
// It ends with its stdin, and with the tool `crash`.
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: { readonly content?: unknown };
  readonly error?: unknown;
}

interface Params {
  readonly name?: string;
  readonly uri?: string;
  readonly taskId?: string;
  readonly task?: object;
  readonly requestId?: string | number;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

type Call = { readonly id: string | number; readonly params: Params; readonly session: string };

const key = 'io.mcpvault/session';
const kept = new Map<string, string>();
const asked = new Map<string, (answer: Message) => void>();
const cancelled = new Set<string | number>();
const tasks: string[] = [];
let served = 0;
let questions = 0;

const tools: Readonly<Record<string, (call: Call) => void>> = {
  echo: (call) => say(call, text(call)),
  whoami: (call) => say(call, JSON.stringify(call.params._meta?.[key] ?? null)),
  keep(call) {
    kept.set(call.session, text(call));
    say(call, 'kept');
  },
  kept: (call) => say(call, kept.get(call.session) ?? 'nothing'),
  /** How many calls came before it. */
  order: (call) => say(call, String(served++)),
  /** Reports progress and a log line, and answers after `ms`, unless cancelled. */
  slowly(call) {
    const progressToken = call.params._meta?.['progressToken'];
    const report = (progress: number) =>
      progressToken !== undefined && tell('notifications/progress', { progressToken, progress, message: text(call) });
    report(1);
    tell('notifications/message', { level: 'info', data: text(call), _meta: { [key]: { session: call.session } } });
    setTimeout(
      () => {
        report(2);
        if (!cancelled.delete(call.id)) say(call, text(call));
      },
      Number(call.params.arguments?.['ms'] ?? 10),
    );
  },
  /** Answers once there is a file of this name. */
  until(call) {
    const timer = setInterval(() => {
      if (!existsSync(text(call))) return;
      clearInterval(timer);
      say(call, 'there');
    }, 20);
  },
  /** Asks the client of this session, and says what it answered. */
  ask(call) {
    const id = `question ${++questions}`;
    asked.set(id, (answer) => say(call, JSON.stringify(answer.result ?? answer.error)));
    const requestedSchema = { type: 'object', properties: { text: { type: 'string' } } };
    const _meta = { [key]: { session: call.session } };
    write({ id, method: 'elicitation/create', params: { message: text(call), requestedSchema, _meta } });
  },
  /** Asks without saying whom. */
  'ask-anybody'(call) {
    const id = `question ${++questions}`;
    asked.set(id, (answer) => say(call, JSON.stringify(answer.error ?? answer.result)));
    write({ id, method: 'elicitation/create', params: { message: text(call), requestedSchema: { type: 'object' } } });
  },
  /** Tells what belongs to nobody in particular, and should reach nobody. */
  mutter(call) {
    tell('notifications/message', { level: 'info', data: text(call) });
    tell('notifications/secret', { data: text(call) });
    tell('notifications/progress', { progressToken: 'nobody', progress: 1, message: text(call) });
    say(call, 'muttered');
  },
  touch(call) {
    tell('notifications/resources/updated', { uri: text(call) });
    say(call, 'touched');
  },
  pid: (call) => say(call, String(process.pid)),
  /** Keeps the process from doing anything else. */
  block(call) {
    const until = Date.now() + Number(call.params.arguments?.['ms'] ?? 0);
    while (Date.now() < until);
    say(call, 'blocked');
  },
  hang() {},
  crash: () => process.exit(7),
};

const methods: Readonly<Record<string, (call: Call) => void>> = {
  initialize(call) {
    const capabilities = {
      tools: {},
      resources: { subscribe: true },
      logging: {},
      tasks: {},
      experimental: { [key]: {} },
    };
    const serverInfo = { name: 'session-server', version: '1.0.0' };
    answer(call, { protocolVersion: '2025-11-25', capabilities, serverInfo });
  },
  ping: (call) => answer(call, {}),
  'tools/list': (call) =>
    answer(call, { tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })) }),
  'tools/call'(call) {
    const tool = tools[call.params.name ?? ''];
    if (call.params.task !== undefined) return makeTask(call);
    if (tool === undefined) return refuse(call, `there is no tool ${call.params.name}`);
    tool(call);
  },
  'resources/subscribe': (call) => answer(call, {}),
  'resources/unsubscribe': (call) => answer(call, {}),
  'tasks/get': (call) => answer(call, { taskId: call.params.taskId, status: 'working' }),
  'tasks/cancel': (call) => answer(call, { taskId: call.params.taskId, status: 'cancelled' }),
  'tasks/result': (call) => say(call, `result of ${call.params.taskId}`),
  'tasks/list': (call) => answer(call, { tasks: tasks.map((taskId) => ({ taskId, status: 'working' })) }),
};

function makeTask(call: Call): void {
  const taskId = `task-${tasks.length}-${text(call)}`;
  tasks.push(taskId);
  answer(call, { task: { taskId, status: 'working' } });
}

function text(call: Call): string {
  return String(call.params.arguments?.['text'] ?? '');
}

function say(call: Call, words: string): void {
  answer(call, { content: [{ type: 'text', text: words }] });
}

function answer({ id }: Call, result: object): void {
  write({ id, result });
}

function refuse({ id }: Call, message: string): void {
  write({ id, error: { code: -32602, message } });
}

function tell(method: string, params: object): void {
  write({ method, params });
}

function write(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message;
  const { id, method, params = {} } = message;
  if (method === undefined) return asked.get(String(id))?.(message);
  if (id === undefined) {
    if (method === 'notifications/cancelled' && params.requestId !== undefined) cancelled.add(params.requestId);
    return;
  }
  const context = params._meta?.[key] as { readonly session?: string } | undefined;
  const call: Call = { id, params, session: context?.session ?? 'nobody' };
  const heard = methods[method];
  if (heard === undefined) refuse(call, `there is no method ${method}`);
  else heard(call);
});
process.stdin.on('end', () => process.exit(0));
