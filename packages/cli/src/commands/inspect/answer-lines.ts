import { once } from 'node:events';
import type { Invocation, Outcome } from '../../invocation.ts';
import { eachLine } from './lines-of.ts';
import { type Question, readQuestion } from './question.ts';

/** What is written at once, in characters. */
const batch = 65_536;

/**
 * Reads questions from standard input, one a line, and writes an answer for each, in order. Lines that are no questions
 * are told and passed over; what is told repeats nothing of them.
 */
export async function answerLines({ io, out }: Invocation, answer: (question: Question) => unknown): Promise<Outcome> {
  let written = '';
  let wrong = 0;
  const flush = async (): Promise<void> => {
    const text = written;
    written = '';
    if (text !== '' && !io.stdout.write(text)) await once(io.stdout, 'drain');
  };
  for await (const lines of eachLine(io.stdin)) {
    for (const { line, number } of lines) {
      if (io.interrupted.aborted) return 'interrupted';
      const question = readQuestion(line, number);
      if (question === null) continue;
      if ('problem' in question) {
        wrong++;
        out.warn(`line ${number}: ${question.problem}`);
        continue;
      }
      written += `${JSON.stringify(answer(question))}\n`;
      if (written.length > batch) await flush();
    }
    await flush();
  }
  return wrong === 0 ? 'ok' : 'general';
}
