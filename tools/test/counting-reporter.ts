// The test runner's own report for people, followed by one line with the counts of the whole run for whoever started it.
// The line travels with the report: a file of its own could be late, or be swept away.
import { Readable } from 'node:stream';
import { spec as Spec, type TestEvent } from 'node:test/reporters';

/** What begins the line; no report of the runner does. */
export const countsMark = '\u0001counts ';

export default async function* countingReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  let counts = '';
  const noting = async function* (): AsyncGenerator<TestEvent, void> {
    for await (const event of events) {
      if (event.type === 'test:summary') counts = JSON.stringify(event.data.counts);
      yield event;
    }
  };
  for await (const text of Readable.from(noting()).compose(new Spec())) yield String(text);
  yield `\n${countsMark}${counts}\n`;
}
