// A stdio server that does what it is told: its tool `run {code}` evaluates JavaScript in its process and says what came of
// it, or the code of what it threw. For scenarios about what a process can reach.
import fs from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { runInThisContext } from 'node:vm';
import { createSpeaker, type Message } from './rude/speaker.ts';

const speak = createSpeaker([{ name: 'run', description: 'Runs JavaScript', call: () => '' }]);

// What the code may use by name.
Object.assign(globalThis, { fs, net });

async function run(code: string): Promise<string> {
  try {
    return String(await runInThisContext(code));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message;
  const { id, method, params } = message;
  const write = (reply: object | undefined) => reply && process.stdout.write(`${JSON.stringify(reply)}\n`);
  if (method !== 'tools/call') return void write(speak(message));
  void run(String(params?.arguments?.['code'])).then((text) =>
    write({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } }),
  );
});
process.stdin.on('end', () => process.exit(0));
