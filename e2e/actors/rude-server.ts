// A stdio server that misbehaves on demand, for tests of what a gateway survives.
//
//   node e2e/actors/rude-server.ts <mode> [number]
//
// Every mode that answers at all has the tool `echo {text}`; some have one more. It ends when its stdin ends or on SIGTERM,
// unless misbehaving there is the point. See the table below for the modes and what the number means in each.

import { spawn } from 'node:child_process';
import { fakeSecrets } from './rude/fake-secrets.ts';
import { exactTools, sayExactly } from './rude/exact-tools.ts';
import { createSpeaker, echo, type Message, nested, ofBytes, type Reply, type RudeTool } from './rude/speaker.ts';

interface Mode {
  readonly does: string;
  /** The number where none is given. */
  readonly number?: number;
  readonly tools?: (number: number) => readonly RudeTool[];
  /** Before the first message. */
  start?(number: number): void;
  /** In place of writing the reply. */
  answer?(reply: Reply, heard: Heard, number: number): void;
  readonly outlivesStdin?: boolean;
}

interface Heard {
  readonly message: Message;
  /** The message as it came, without the line's end. */
  readonly line: string;
}

const megabyte = 1024 * 1024;

const modes: Readonly<Record<string, Mode>> = {
  echo: { does: 'behaves' },
  exact: {
    does: 'has `say {json}`, whose result is that JSON text byte for byte, and `heard`, which tells the line it got',
    tools: () => exactTools,
    answer(reply, { message, line }) {
      const exactly = sayExactly(message, line);
      if (exactly === undefined) write(reply);
      else writeResult(reply, exactly);
    },
  },
  dead: {
    does: 'says why on stderr and exits at once; number: the exit code',
    number: 3,
    start(code) {
      process.stderr.write('rude-server: cannot open /etc/rude.conf: no such file\n');
      process.exit(code);
    },
  },
  hang: { does: 'reads and never answers anything', answer: () => undefined },
  'hang-on-call': {
    does: 'answers everything but tool calls',
    answer: (reply, { message }) => message.method !== 'tools/call' && write(reply),
  },
  babble: {
    does: 'floods its client with log messages and unknown progress; number: how many every 5 ms',
    number: 100,
    answer(reply, { message }, number) {
      if (message.method === 'initialize') setInterval(babble, 5, number).unref();
      write(reply);
    },
  },
  garbage: {
    does: 'writes what is no message between its answers',
    answer(reply) {
      for (const line of rubbish) process.stdout.write(line);
      write(reply);
      for (const line of rubbish) process.stdout.write(line);
    },
  },
  twice: {
    does: 'answers every request twice, and requests nobody made',
    answer(reply) {
      write({ ...reply, id: 'nobody asked' });
      write(reply);
      write(reply);
    },
  },
  huge: {
    does: 'has a tool `huge` with a huge result; number: its bytes',
    number: 20 * megabyte,
    tools: (bytes) => [{ name: 'huge', description: 'Says very much', call: () => ofBytes(bytes) }],
  },
  'endless-line': {
    does: 'answers a tool call with a line that never ends, until stdin does',
    answer(reply, { message }) {
      if (message.method === 'tools/call') setInterval(() => fill(ofBytes(64 * 1024)), 1).unref();
      else write(reply);
    },
  },
  deep: {
    does: 'has a tool `deep` with a deeply nested result; number: the levels',
    number: 100_000,
    tools: () => [{ name: 'deep', description: 'Says it in many brackets', call: () => ({ content: [] }) }],
    answer(reply, { message }, levels) {
      if (message.params?.name !== 'deep') return write(reply);
      writeResult(reply, `{"content":[],"_meta":{"deep":${nested(levels)}}}`);
    },
  },
  'ignore-sigterm': {
    does: 'goes on after SIGTERM and after the end of its stdin',
    outlivesStdin: true,
    start() {
      process.on('SIGTERM', () => process.stderr.write('rude-server: SIGTERM ignored\n'));
      setInterval(() => undefined, 60_000);
    },
  },
  'crash-on-call': {
    does: 'has a tool `crash` that breaks off in mid-line and exits; number: the exit code',
    number: 7,
    tools: (code) => [{ name: 'crash', description: 'Crashes', call: () => crash(code) }],
  },
  slow: {
    does: 'thinks before each answer; number: for how many milliseconds',
    number: 1000,
    answer: (reply, _, milliseconds) => void setTimeout(write, milliseconds, reply),
  },
  grandchild: {
    does: 'starts a process that stays when only its parent is killed; `grandchild_pid` tells its pid',
    tools: () => {
      const pid = startGrandchild();
      return [{ name: 'grandchild_pid', description: 'Tells the pid', call: () => String(pid) }];
    },
  },
  leaky: {
    does: 'writes secrets to stderr, and has a tool `leak` with secrets in its result',
    tools: () => [{ name: 'leak', description: 'Says what it should not', call: () => leak() }],
    start: () =>
      void process.stderr.write(`rude-server: connecting with ${Object.values(fakeSecrets).join(' and ')}\n`),
  },
};

const rubbish: readonly (string | Buffer)[] = [
  'Debug: loading plugins...\n',
  '{"jsonrpc": "2.0", "id": \n',
  '\n',
  '[]\n',
  '"a string"\n',
  '{"jsonrpc": "1.0", "id": 1, "result": {}}\n',
  '{"jsonrpc": "2.0"}\n',
  '\u001b[32mready\u001b[0m\n',
  Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a]),
];

function main(): void {
  const [name = 'echo', given] = process.argv.slice(2);
  const mode = modes[name];
  if (!mode) {
    const list = Object.entries(modes).map(([known, { does }]) => `  ${known.padEnd(16)}${does}\n`);
    process.stderr.write(`There is no mode ${name}. There are:\n${list.join('')}`);
    process.exit(64);
  }
  const number = given === undefined ? (mode.number ?? 0) : Number(given);
  mode.start?.(number);
  const speak = createSpeaker([echo, ...(mode.tools?.(number) ?? [])]);
  readLines((line) => {
    const message: Message = JSON.parse(line);
    const reply = speak(message);
    if (!reply) return;
    if (mode.answer) mode.answer(reply, { message, line }, number);
    else write(reply);
  });
  if (!mode.outlivesStdin) process.stdin.on('end', () => process.exit(0));
}

/** A line ends with a line feed and nothing else. */
function readLines(hear: (line: string) => void): void {
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (text: string) => {
    if (!text.includes('\n')) {
      rest += text;
      return;
    }
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
}

function write(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function writeResult(reply: Reply, json: string): void {
  process.stdout.write(`{"jsonrpc":"2.0","id":${JSON.stringify(reply.id)},"result":${json}}\n`);
}

function babble(count: number): void {
  for (let index = 0; index < count && !process.stdout.writableNeedDrain; index++) {
    write({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'debug', data: `tick ${index}` } });
    write({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'unknown', progress: index } });
  }
}

function fill(text: string): void {
  if (!process.stdout.writableNeedDrain) process.stdout.write(text);
}

function crash(code: number): never {
  process.stderr.write('rude-server: panic: index out of range\n');
  process.stdout.write('{"jsonrpc":"2.0","id":');
  process.exit(code);
}

/** In the same process group, holding no pipe of ours. It gives up by itself after two minutes, so that no test leaves it. */
function startGrandchild(): number | undefined {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 120_000)'], { stdio: 'ignore' });
  child.unref();
  return child.pid;
}

function leak(): object {
  const text = `Use ${fakeSecrets.awsAccessKey} or ${fakeSecrets.githubToken}. Ask ${fakeSecrets.email}.`;
  const { connectionString, privateKey, cardNumber } = fakeSecrets;
  return {
    content: [{ type: 'text', text }],
    structuredContent: { deeply: [{ nested: { connectionString, privateKey } }], [cardNumber]: 'a key can leak too' },
  };
}

main();
