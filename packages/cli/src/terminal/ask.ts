// Questions to the person at the terminal. They go to stderr, so that stdout stays data.
import { CommandFailure } from '../command-failure.ts';
import type { Io } from '../io.ts';
import { displayWidth } from '../output/display-width.ts';
import { emptyLine, type Line, typeInto } from './line-editor.ts';

export function ask(io: Io, question: string): Promise<string> {
  return readLine(io, question, (text) => text);
}

/** Shows nothing of what is typed, not even its length. */
export function askHidden(io: Io, question: string): Promise<string> {
  return readLine(io, question, () => '');
}

async function readLine(io: Io, question: string, shown: (text: string) => string): Promise<string> {
  const { stdin, stderr } = io;
  const prompt = `${question} `;
  stderr.write(prompt);
  stdin.setRawMode?.(true);
  stdin.setEncoding('utf8');
  let line: Line = emptyLine;
  try {
    for await (const typed of chunks(io)) {
      const before = shown(line.text);
      line = typeInto(line, typed);
      const after = shown(line.text);
      if (after !== before) redraw(stderr, before, after);
      if (line.ended !== 'no') break;
    }
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    if (line.rest !== '') stdin.unshift(line.rest);
    stderr.write('\n');
  }
  if (line.ended !== 'entered') throw new CommandFailure('interrupted', 'interrupted', 'Interrupted.');
  return line.text;
}

/** What is typed, chunk by chunk, until the input or the command ends. Leaves the stream open for the next question. */
async function* chunks({ stdin, interrupted }: Io): AsyncGenerator<string> {
  const waiting: string[] = [];
  let over = interrupted.aborted;
  let wake = (): void => undefined;
  const onData = (chunk: string): void => {
    waiting.push(chunk);
    wake();
  };
  const onEnd = (): void => {
    over = true;
    wake();
  };
  stdin.on('data', onData).on('end', onEnd).on('close', onEnd);
  stdin.resume();
  interrupted.addEventListener('abort', onEnd);
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (over) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stdin.off('data', onData).off('end', onEnd).off('close', onEnd);
    interrupted.removeEventListener('abort', onEnd);
  }
}

function redraw(stderr: Io['stderr'], before: string, after: string): void {
  if (after.startsWith(before)) {
    stderr.write(after.slice(before.length));
    return;
  }
  const back = '\b'.repeat(displayWidth(before));
  const rubbed = Math.max(0, displayWidth(before) - displayWidth(after));
  stderr.write(`${back}${after}${' '.repeat(rubbed)}${'\b'.repeat(rubbed)}`);
}
